// The catalogue over folders that come, change and go.
#include "http/pseudolive/catalogue.hpp"
#include "http/pseudolive/state_files.hpp"
#include "tests/support/asset_folder.hpp"
#include "tests/support/wait_until.hpp"

#include <doctest/doctest.h>

#include <memory>

namespace catalogue_test {

using namespace continuo;
using namespace continuo::pseudolive;
using namespace continuo::test;
using namespace std::chrono_literals;

struct Served {
    Served() {
        root.write("readme.txt", "");
        config.pseudolive = config::Pseudolive{.root = root.path()};
    }

    void start() {
        catalogue = std::make_unique<Catalogue>(state.path());
        REQUIRE(catalogue->start(loop, config).has_value());
    }
    void stop() { catalogue.reset(); }

    ViewPtr stream(std::string const& name) const {
        auto const shelf = catalogue->shelf().load();
        auto const found = shelf->streams.find(name);
        return found == shelf->streams.end() ? nullptr : found->second;
    }
    ViewPtr channel(std::string const& name) const {
        auto const shelf = catalogue->shelf().load();
        auto const found = shelf->channels.find(name);
        return found == shelf->channels.end() ? nullptr : found->second;
    }
    bool is_ready(std::string const& name) const {
        auto const view = stream(name);
        return view && view->state == ViewState::ready && view->unmeasured == 0;
    }
    bool wait(std::function<bool()> const& happened) { return wait_until(loop, happened); }
    bool wait_ready(std::string const& name) {
        return wait([&] { return is_ready(name); });
    }

    TemporaryDirectory root, state;
    config::Config config;
    boost::asio::io_context loop;
    std::unique_ptr<Catalogue> catalogue;
};

std::string list_of(View const& view, WallTime now) {
    auto const& stream = *view.stream;
    return hls::to_text(*stream.list(0, stream.ended_by(now),
                                     [](Asset const&, std::string const& uri) { return uri; }));
}

constexpr WallTime then{1'800'000'000s};

TEST_CASE_FIXTURE(Served, "catalogue: folders of the root are streams; others and files are not") {
    write_asset(root, "clip");
    root.write("empty/readme.txt", "");
    root.write(".hidden/a.m3u8", media_playlist(""));
    root.write("broken/a.m3u8", media_playlist(""));
    start();
    REQUIRE(wait_ready("clip"));
    REQUIRE(
        wait([&] { return stream("broken") && stream("broken")->state != ViewState::reading; }));
    CHECK(stream("broken")->state == ViewState::refused);
    CHECK(stream("broken")->note == "variant \"a\": lists no segment");
    REQUIRE(wait([&] { return !stream("empty"); }));
    CHECK_FALSE(stream(".hidden"));
    CHECK_FALSE(stream("readme.txt"));
    CHECK(catalogue->shelf().load()->is_complete);
    CHECK(stream("clip")->stream->era() == Era{.start = *config.pseudolive->epoch});
}

TEST_CASE_FIXTURE(Served, "catalogue: without a root nothing is served, until it is there") {
    config.pseudolive->root = root.path() / "later";
    start();
    REQUIRE(wait([&] { return catalogue->shelf().load()->is_complete; }));
    CHECK(catalogue->shelf().load()->streams.empty());
}

TEST_CASE_FIXTURE(Served, "catalogue: an asset that comes is served, one that goes is not") {
    start();
    REQUIRE(wait([&] { return catalogue->shelf().load()->is_complete; }));
    write_asset(state, "clip");
    fs::rename(state.path() / "clip", root.path() / "clip");
    REQUIRE(wait_ready("clip"));
    fs::remove_all(root.path() / "clip");
    REQUIRE(wait([&] { return !stream("clip"); }));
}

TEST_CASE_FIXTURE(Served, "catalogue: a segment that vanishes and comes back is seen") {
    write_asset(root, "clip");
    start();
    REQUIRE(wait_ready("clip"));
    auto const segment = root.path() / "clip/lo/1.ts";
    fs::rename(segment, root.path() / "aside.ts");
    REQUIRE(wait([&] { return stream("clip")->state == ViewState::refused; }));
    CHECK(stream("clip")->note == "variant \"lo\": segment 1 (lo/1.ts) is missing");
    fs::rename(root.path() / "aside.ts", segment);
    REQUIRE(wait_ready("clip"));
    CHECK(stream("clip")->stream->era() == Era{.start = *config.pseudolive->epoch});
}

TEST_CASE_FIXTURE(Served, "catalogue: numbers go on when an asset changes, and over a restart") {
    write_asset(root, "clip", 4);
    start();
    REQUIRE(wait_ready("clip"));
    auto const before = stream("clip");
    write_asset(root, "clip", 5);
    REQUIRE(wait([&] { return stream("clip")->asset && stream("clip")->segments == 10; }));
    REQUIRE(wait_ready("clip"));
    auto const era = stream("clip")->stream->era();
    CHECK(era.follows);
    CHECK(era.media_sequence > before->stream->ended_by(era.start));
    stop();
    start();
    REQUIRE(wait_ready("clip"));
    CHECK(stream("clip")->stream->era() == era);
    // Changed while nobody looked.
    stop();
    write_asset(root, "clip", 3);
    start();
    REQUIRE(wait_ready("clip"));
    CHECK(stream("clip")->stream->era().media_sequence > era.media_sequence);
}

TEST_CASE_FIXTURE(Served,
                  "catalogue: lists are the same without the index, and with a broken one") {
    write_asset(root, "clip");
    start();
    REQUIRE(wait_ready("clip"));
    auto const text = list_of(*stream("clip"), then);
    auto const index = index_folder(state.path()) / "clip.json";
    REQUIRE(fs::exists(index));
    stop();
    start();
    REQUIRE(wait_ready("clip"));
    CHECK(list_of(*stream("clip"), then) == text);
    stop();
    std::ofstream(index) << "{";
    start();
    REQUIRE(wait_ready("clip"));
    CHECK(list_of(*stream("clip"), then) == text);
    stop();
    fs::remove_all(state.path() / "pseudolive");
    start();
    REQUIRE(wait_ready("clip"));
    CHECK(list_of(*stream("clip"), then) == text);
}

TEST_CASE_FIXTURE(Served, "catalogue: links to one folder are streams of one asset in memory") {
    write_asset(root, "clip");
    write_asset(root, "copy");
    fs::create_directory_symlink("clip", root.path() / "link");
    start();
    REQUIRE(wait([&] { return is_ready("clip") && is_ready("link") && is_ready("copy"); }));
    CHECK(stream("clip")->asset == stream("link")->asset);
    CHECK(stream("clip")->asset == stream("copy")->asset);
    fs::remove(root.path() / "link");
    REQUIRE(wait([&] { return !stream("link"); }));
    CHECK(is_ready("clip"));
}

TEST_CASE_FIXTURE(Served, "catalogue: a channel plays what there is of its schedule") {
    write_asset(root, "one", 2);
    root.write("bad/a.m3u8", "<html>");
    config::Channel classics;
    classics.name = "classics";
    classics.schedule = {{.asset = "one", .times = 2}, {.asset = "two"}, {.asset = "bad"}};
    config.channels = {classics};
    start();
    REQUIRE(wait([&] { return channel("classics") && channel("classics")->stream; }));
    CHECK(channel("classics")->note ==
          "asset \"two\" is not there; asset \"bad\": \"a.m3u8\" is no playlist: it begins with "
          "<html>");
    CHECK(channel("classics")->stream->round().segments == 4);
    write_asset(root, "two", 3);
    REQUIRE(wait([&] { return channel("classics")->stream->round().segments == 7; }));
    CHECK(channel("classics")->item_names == std::vector<std::string>{"one", "two"});
    CHECK(channel("classics")->stream->era().follows);
    // Another schedule.
    config.channels[0].schedule = {{.asset = "nowhere"}};
    REQUIRE(catalogue->apply(config).has_value());
    REQUIRE(wait([&] { return channel("classics")->state == ViewState::refused; }));
    CHECK(channel("classics")->note == "asset \"nowhere\" is not there");
    config.channels.clear();
    REQUIRE(catalogue->apply(config).has_value());
    REQUIRE(wait([&] { return !channel("classics"); }));
}

TEST_CASE_FIXTURE(Served, "catalogue: a reload takes over window, root and clock") {
    write_asset(root, "clip");
    write_asset(state, "vod/other");
    start();
    REQUIRE(wait_ready("clip"));
    config.pseudolive->window = 20;
    config.pseudolive->allow_clock = true;
    REQUIRE(catalogue->apply(config).has_value());
    REQUIRE(wait([&] {
        auto const view = stream("clip");
        return view->stream &&
               view->stream->list(0, 100, [](auto const&, auto const& uri) { return uri; })
                       ->segments.size() == 20;
    }));
    CHECK(catalogue->shelf().load()->allows_clock);
    config.pseudolive->root = state.path() / "vod";
    REQUIRE(catalogue->apply(config).has_value());
    REQUIRE(wait_ready("other"));
    CHECK_FALSE(stream("clip"));
    config.pseudolive.reset();
    REQUIRE(catalogue->apply(config).has_value());
    REQUIRE(wait([&] { return !stream("other"); }));
}

TEST_CASE_FIXTURE(Served, "catalogue: with `start` streams began when they were first served") {
    write_asset(root, "clip");
    config.pseudolive->epoch = std::nullopt;
    auto const begin = std::chrono::system_clock::now();
    start();
    REQUIRE(wait_ready("clip"));
    auto const era = stream("clip")->stream->era();
    CHECK(era.start >= begin - 1s);
    CHECK(era.start <= std::chrono::system_clock::now());
    stop();
    start();
    REQUIRE(wait_ready("clip"));
    CHECK(stream("clip")->stream->era() == era);
}

} // namespace catalogue_test
