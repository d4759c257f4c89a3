#include "http/dashlive/media/layouts.hpp"
#include "tests/support/stored_asset.hpp"
#include "tests/support/temporary_directory.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <doctest/doctest.h>

#include <exception>
#include <fstream>
#include <optional>
#include <string>

namespace layouts_test {

using namespace continuo;
using namespace continuo::dashlive;
namespace asio = boost::asio;
namespace fs = std::filesystem;

test::StoredAsset pictures() {
    return test::stored_asset(
        {{.id = "v", .timescale = 90'000, .sample = 3'000, .samples = {60, 60, 60, 60}}});
}

LayoutPtr layout_of(test::StoredAsset const& stored, std::size_t segment, Depth depth) {
    auto const& track = *stored.asset->tracks.at("v");
    auto layout = parse_layout(track, stored.files.at(track.segments.at(segment).part.path), depth);
    REQUIRE(layout.has_value());
    return std::make_shared<Layout const>(std::move(*layout));
}

void write(test::StoredAsset const& stored, fs::path const& folder) {
    stored.asset->folder = fs::canonical(folder);
    for (auto const& [path, bytes] : stored.files) {
        fs::create_directories((folder / path).parent_path());
        std::ofstream(folder / path, std::ios::binary)
            .write(reinterpret_cast<char const*>(bytes.data()),
                   static_cast<std::streamsize>(bytes.size()));
    }
}

/// 200, or the status of the refusal.
unsigned read(Layouts& layouts, AssetPtr const& asset, std::span<Ingredient> ingredients) {
    asio::io_context loop;
    unsigned status = 0;
    asio::co_spawn(loop, layouts.read(asset, asset->folder, ingredients),
                   [&](std::exception_ptr const& error, Answer<> const& answer) {
                       if (error) std::rethrow_exception(error);
                       status = answer ? 200 : answer.error().status;
                   });
    loop.run();
    return status;
}

TEST_CASE("layouts are held up to a budget, the ones asked for last the longest") {
    auto const stored = pictures();
    auto const track = stored.asset->tracks.at("v");
    auto const one = layout_of(stored, 0, Depth::structure);
    LayoutCache cache(3 * one->memory_bytes() + one->memory_bytes() / 2);
    for (std::size_t i = 0; i < 3; ++i)
        cache.hold(track, i, layout_of(stored, i, Depth::structure));
    CHECK(cache.find(*track, 0, Depth::structure));
    cache.hold(track, 3, layout_of(stored, 3, Depth::structure));
    CHECK(cache.find(*track, 0, Depth::structure));
    CHECK(!cache.find(*track, 1, Depth::structure));
    CHECK(cache.find(*track, 2, Depth::structure));
    CHECK(cache.find(*track, 3, Depth::structure));
    CHECK(cache.memory_bytes() <= 4 * one->memory_bytes());
}

TEST_CASE("one that is larger than the budget is held until there is another") {
    auto const stored = pictures();
    auto const track = stored.asset->tracks.at("v");
    LayoutCache cache(1);
    cache.hold(track, 0, layout_of(stored, 0, Depth::structure));
    CHECK(cache.find(*track, 0, Depth::structure));
    cache.hold(track, 1, layout_of(stored, 1, Depth::structure));
    CHECK(!cache.find(*track, 0, Depth::structure));
    CHECK(cache.find(*track, 1, Depth::structure));
}

TEST_CASE("a layout without media doesn't do where media are wanted, and gives way to one") {
    auto const stored = pictures();
    auto const track = stored.asset->tracks.at("v");
    LayoutCache cache(1 << 20);
    cache.hold(track, 0, layout_of(stored, 0, Depth::structure));
    CHECK(!cache.find(*track, 0, Depth::with_media));
    cache.hold(track, 0, layout_of(stored, 0, Depth::with_media));
    CHECK(cache.find(*track, 0, Depth::with_media));
    CHECK(cache.find(*track, 0, Depth::structure));
    CHECK(cache.memory_bytes() == cache.find(*track, 0, Depth::structure)->memory_bytes());
}

TEST_CASE("what is not in memory is read, once") {
    test::TemporaryDirectory const folder;
    auto const stored = pictures();
    write(stored, folder.path());
    storage::Openers openers;
    Layouts layouts(openers);
    auto const session = test::session_of(stored, "", 60'000);
    auto const name = media_name_of(session, "v/6.m4s");
    REQUIRE(name.has_value());
    auto ingredients = ingredients_of(session, *name);
    CHECK(!layouts.find(ingredients));
    REQUIRE(read(layouts, stored.asset, ingredients) == 200);
    auto const composed = compose(session, *name, ingredients);
    REQUIRE(composed.has_value());
    CHECK(bytes_of(stored, *composed) == test::served(stored, session, "v/6.m4s"));

    auto again = ingredients_of(session, *name);
    CHECK(layouts.find(again));
    CHECK(again.front().layout == ingredients.front().layout);
}

TEST_CASE("a file that is gone, has shrunk or is no segment any more is an answer of 503") {
    test::TemporaryDirectory const folder;
    auto const stored = pictures();
    write(stored, folder.path());
    storage::Openers openers;
    auto const session = test::session_of(stored, "", 60'000);
    auto const status = [&](std::string const& path) {
        Layouts layouts(openers);
        auto ingredients = ingredients_of(session, *media_name_of(session, path));
        auto const answer = read(layouts, stored.asset, ingredients);
        CHECK((ingredients.front().layout != nullptr) == (answer == 200));
        return answer;
    };
    fs::remove(folder.path() / "v/1.m4s");
    fs::resize_file(folder.path() / "v/2.m4s", 100);
    auto const size = fs::file_size(folder.path() / "v/3.m4s");
    std::ofstream(folder.path() / "v/3.m4s") << std::string(size, 'x');
    CHECK(status("v/4.m4s") == 503);
    CHECK(status("v/5.m4s") == 503);
    CHECK(status("v/6.m4s") == 503);
    CHECK(status("v/7.m4s") == 200);
}

} // namespace layouts_test
