#include "http/dashlive/asset/library.hpp"
#include "tests/support/dash_folder.hpp"
#include "tests/support/wait_until.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace continuo::dashlive::library_test {

namespace fs = std::filesystem;
using test::TemporaryDirectory;

/// A library over `root`, on a loop of its own.
class Fixture {
public:
    explicit Fixture(TemporaryDirectory const& root) : library_(state_.path()) {
        config_.livesim = config::Livesim{.root = root.path(), .allow_clock = true};
    }

    void start() { REQUIRE(library_.start(loop_, config_).has_value()); }
    template <class Condition>
    bool wait(Condition const& condition) {
        return test::wait_until(loop_, [&] { return condition(*library_.shelf().load()); });
    }
    bool wait_for_all() {
        return wait([](AssetShelf const& shelf) { return shelf.is_complete; });
    }
    AssetLibrary& library() { return library_; }
    config::Config& config() { return config_; }
    TemporaryDirectory const& state() const { return state_; }

private:
    TemporaryDirectory state_;
    boost::asio::io_context loop_;
    config::Config config_;
    AssetLibrary library_;
};

void write_asset(TemporaryDirectory const& root, std::string const& name, unsigned segments = 4) {
    test::write_pictures(root, name + "/V", segments);
    root.write(name + "/m.mpd", test::dash_mpd(test::pictures_set));
}

AssetPtr asset_of(AssetShelf const& shelf, std::string const& name) {
    auto const found = shelf.assets.find(name);
    return found == shelf.assets.end() ? nullptr : found->second->asset;
}

TEST_CASE("asset library: every folder with an MPD is an asset, however deep it lies") {
    TemporaryDirectory root;
    write_asset(root, "one");
    write_asset(root, "deep/down/there");
    write_asset(root, "deep/down/there/below");
    write_asset(root, ".hidden");
    Fixture fixture(root);
    fixture.start();
    REQUIRE(fixture.wait_for_all());
    auto const shelf = fixture.library().shelf().load();
    CHECK(shelf->allows_clock);
    CHECK(shelf->root == fs::canonical(root.path()));
    CHECK(shelf->assets.size() == 3);

    auto const found = shelf->find("deep/down/there/V/3.m4s");
    REQUIRE(found.asset);
    CHECK(found.asset->name == "deep/down/there");
    CHECK(found.rest == "V/3.m4s");
    CHECK(shelf->find("deep/down/there/below/m.mpd").asset->name == "deep/down/there/below");
    CHECK_FALSE(shelf->find("deep/down/m.mpd").asset);
    CHECK_FALSE(shelf->find("one").asset);
    CHECK_FALSE(shelf->find("").asset);
    CHECK_FALSE(shelf->find("/one/m.mpd").asset);
}

TEST_CASE("asset library: what comes, changes and goes while it serves is seen") {
    TemporaryDirectory root;
    write_asset(root, "a");
    Fixture fixture(root);
    fixture.start();
    REQUIRE(fixture.wait_for_all());
    auto const first = asset_of(*fixture.library().shelf().load(), "a");
    REQUIRE(first);

    write_asset(root, "new/nested");
    CHECK(fixture.wait([](auto const& shelf) { return asset_of(shelf, "new/nested") != nullptr; }));
    CHECK(asset_of(*fixture.library().shelf().load(), "a") == first);

    root.write("a/V/5.m4s", test::dash_segment({.time = 102'400, .count = 50, .duration = 512}));
    CHECK(fixture.wait([](auto const& shelf) {
        auto const asset = asset_of(shelf, "a");
        return asset && asset->pictures().size() == 5;
    }));
    CHECK(asset_of(*fixture.library().shelf().load(), "a")->generation != first->generation);

    fs::remove(root.path() / "a/V/2.m4s");
    CHECK(fixture.wait([](auto const& shelf) {
        auto const& view = *shelf.assets.find("a")->second;
        return !view.asset && view.refused.size() == 1;
    }));

    fs::remove_all(root.path() / "new");
    CHECK(fixture.wait([](auto const& shelf) { return !shelf.assets.contains("new/nested"); }));
}

TEST_CASE("asset library: a root that comes later is served then") {
    TemporaryDirectory parent;
    Fixture fixture(parent);
    fixture.config().livesim->root = parent.path() / "later";
    fixture.start();
    CHECK(fixture.wait_for_all());
    CHECK(fixture.library().shelf().load()->root.empty());
    write_asset(parent, "later/a");
    CHECK(fixture.wait([](auto const& shelf) { return asset_of(shelf, "a") != nullptr; }));
}

TEST_CASE("asset library: without the key there is nothing, and a reload brings it") {
    TemporaryDirectory root;
    write_asset(root, "a");
    Fixture fixture(root);
    auto const livesim = std::exchange(fixture.config().livesim, std::nullopt);
    fixture.start();
    CHECK(fixture.wait_for_all());
    CHECK(fixture.library().shelf().load()->assets.empty());
    fixture.config().livesim = livesim;
    REQUIRE(fixture.library().apply(fixture.config()).has_value());
    CHECK(fixture.wait([](auto const& shelf) { return asset_of(shelf, "a") != nullptr; }));
    fixture.config().livesim.reset();
    REQUIRE(fixture.library().apply(fixture.config()).has_value());
    CHECK(fixture.wait([](auto const& shelf) { return shelf.assets.empty(); }));
}

TEST_CASE("asset library: measurements are kept, and broken ones are made anew") {
    TemporaryDirectory root;
    write_asset(root, "a/b");
    Fixture fixture(root);
    fixture.start();
    REQUIRE(fixture.wait_for_all());
    auto const file = fixture.state().path() / "dashlive/index/a%2Fb.json";
    REQUIRE(fs::exists(file));
    std::ofstream(file) << "{}";
    root.write("a/b/V/1.m4s", test::dash_segment({.time = 0, .count = 50, .duration = 512}));
    auto const before = asset_of(*fixture.library().shelf().load(), "a/b");
    CHECK(fixture.wait([&](auto const& shelf) { return asset_of(shelf, "a/b") != before; }));
    CHECK(fs::file_size(file) > 10);
}

TEST_CASE("asset library: what would hide URLs of the asset above it is refused") {
    TemporaryDirectory root;
    for (auto const* const name :
         {"a", "a/V", "a/V/deeper", "a/hls", "a/hls/x", "a/bu0", "a/timestpp-en", "a/other",
          "a/bus", "a/other/hls", "hls", "b/hls"})
        write_asset(root, name);
    Fixture fixture(root);
    fixture.start();
    REQUIRE(fixture.wait_for_all());
    auto const shelf = fixture.library().shelf().load();
    for (auto const* const name : {"a", "a/other", "a/bus", "hls", "b/hls"})
        CHECK_MESSAGE(asset_of(*shelf, name), name);
    for (auto const* const name : {"a/hls", "a/hls/x", "a/bu0", "a/timestpp-en", "a/other/hls"})
        CHECK_MESSAGE(!asset_of(*shelf, name), name);
    auto const reason = [&](char const* name) {
        return shelf->assets.find(name)->second->refused.at(0).reason;
    };
    CHECK(reason("a/hls") == "lies in \"hls/\" below the asset \"a\", which has its HLS playlists "
                             "there: put its folder elsewhere");
    CHECK(reason("a/V") == "lies where the asset \"a\" has its Representation \"V\" "
                           "(\"V/$Number$.m4s\"): put one of them elsewhere");
    // What lies deeper hides nothing: no segment is called like that.
    CHECK(asset_of(*shelf, "a/V/deeper"));
    CHECK(shelf->find("a/V/3.m4s").asset->name == "a");
    CHECK(shelf->find("a/hls/V.m3u8").asset->name == "a");
}

TEST_CASE("asset library: links that lead out of the root are not followed below a folder of it") {
    TemporaryDirectory root;
    TemporaryDirectory elsewhere;
    for (auto const* const name : {"a", "a/deep"})
        write_asset(root, name);
    for (auto const* const name : {"secret", "secret/below", "linked", "linked/below"})
        write_asset(elsewhere, name);
    fs::create_directory_symlink(elsewhere.path() / "secret", root.path() / "a/out");
    fs::create_directory_symlink("../../a", root.path() / "a/deep/within");
    fs::create_directory_symlink(elsewhere.path() / "linked", root.path() / "linked");
    fs::create_directory_symlink("below", root.path() / "linked/within");
    fs::create_directory_symlink("../secret", root.path() / "linked/out");
    Fixture fixture(root);
    fixture.start();
    REQUIRE(fixture.wait_for_all());
    auto const shelf = fixture.library().shelf().load();
    for (auto const* const name : {"a", "a/deep", "linked", "linked/below", "linked/within"})
        CHECK_MESSAGE(asset_of(*shelf, name), name);
    for (auto const* const name : {"a/out", "linked/out"}) {
        auto const found = shelf->assets.find(name);
        REQUIRE_MESSAGE(found != shelf->assets.end(), name);
        CHECK(found->second->is_read);
        CHECK_FALSE(found->second->asset);
        CHECK(found->second->notes ==
              std::vector<std::string>{
                  "is a link that leads out of livesim.root, and is not followed"});
    }
    CHECK_FALSE(shelf->assets.contains("a/out/below"));
    // Nor are files given out as they lie there.
    CHECK(shelf->find_folder("a/out/m.mpd").rest == "out/m.mpd");
    CHECK(shelf->find_folder("linked/within/m.mpd").rest == "m.mpd");
}

TEST_CASE("asset library: links that lead in circles end") {
    TemporaryDirectory root;
    write_asset(root, "a");
    fs::create_directory_symlink(root.path() / "a", root.path() / "a/self");
    fs::create_directory_symlink(root.path(), root.path() / "a/up");
    fs::create_directory_symlink(root.path() / "a", root.path() / "b");
    Fixture fixture(root);
    fixture.start();
    REQUIRE(fixture.wait_for_all());
    auto const shelf = fixture.library().shelf().load();
    CHECK(shelf->assets.size() == 2);
    CHECK(asset_of(*shelf, "b"));
}

} // namespace continuo::dashlive::library_test
