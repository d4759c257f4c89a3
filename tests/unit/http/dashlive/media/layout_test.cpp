#include "http/dashlive/media/layout.hpp"
#include "tests/support/stored_asset.hpp"

#include <doctest/doctest.h>

#include <vector>

namespace layout_test {

using namespace continuo;
using namespace continuo::dashlive;

TEST_CASE("layout: media data take memory only where they are kept") {
    std::vector<test::Bytes> const payloads(10, test::Bytes(100'000, 7));
    auto const stored = test::stored_asset({{.id = "v", .samples = {10}, .payloads = payloads}});
    auto const& track = *stored.asset->tracks.at("v");
    auto const& file = stored.files.at(track.segments.front().part.path);
    REQUIRE(file.size() > 1'000'000);

    auto const structure = parse_layout(track, file, Depth::structure).value();
    CHECK(structure.media.capacity() == 0);
    CHECK(structure.memory_bytes() < 10'000);
    auto const whole = parse_layout(track, file, Depth::with_media).value();
    CHECK(whole.media == file);
    CHECK(whole.memory_bytes() > file.size());
}

} // namespace layout_test
