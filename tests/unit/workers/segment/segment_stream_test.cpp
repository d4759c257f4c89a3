#include "tests/support/temporary_directory.hpp"
#include "workers/segment/segment_stream.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <string>

namespace segment_stream_test {

using namespace continuo;
using namespace continuo::segment;
using State = SegmentStream::State;

struct Read {
    std::string text;
    State state{};
    FetchFailure failure;
};

/// All of it, in as many reads as it takes.
Read read(std::string const& path, Extent const& extent) {
    FileSegment file(path, extent);
    Read result;
    std::vector<std::uint8_t> bytes;
    do
        result.state = file.read(bytes, {});
    while (result.state == State::open);
    result.text.assign(bytes.begin(), bytes.end());
    result.failure = file.failure();
    return result;
}

TEST_CASE("segment stream: the rest of a segment, of a range or of all") {
    auto const all = rest_of(std::nullopt, 100);
    CHECK(all.begin == 100);
    CHECK_FALSE(all.length);
    hls::ByteRange const range{.length_bytes = 300, .offset_bytes = 1000};
    CHECK(rest_of(range, 0).begin == 1000);
    CHECK(rest_of(range, 0).length == 300);
    CHECK(rest_of(range, 100).begin == 1100);
    CHECK(rest_of(range, 100).length == 200);
    CHECK(rest_of(range, 400).length == 0);
}

TEST_CASE("segment stream: files are read whole, in part, or fail with a reason") {
    test::TemporaryDirectory const directory;
    auto const path = (directory.path() / "a.ts").string();
    std::string const text(700'000, 'x'); // several reads
    std::ofstream(path) << text << "end";

    CHECK(read(path, {}).text == text + "end");
    CHECK(read(path, {}).state == State::whole);
    CHECK(read(path, {.begin = 699'999, .length = std::nullopt}).text == "xend");
    CHECK(read(path, {.begin = 699'999, .length = 2}).text == "xe");
    CHECK(read(path, {.begin = 0, .length = 0}).state == State::whole);
    CHECK(read(path, {.begin = 700'003, .length = std::nullopt}).state == State::whole);

    auto const torn = read(path, {.begin = 700'000, .length = 10});
    CHECK(torn.text == "end");
    CHECK(torn.state == State::failed);
    CHECK(torn.failure.reason == "3 bytes instead of 10");
    CHECK(torn.failure.answered);

    auto const missing = read((directory.path() / "b.ts").string(), {});
    CHECK(missing.state == State::failed);
    CHECK(missing.failure.reason == "No such file or directory");
    CHECK(missing.failure.answered);
}

} // namespace segment_stream_test
