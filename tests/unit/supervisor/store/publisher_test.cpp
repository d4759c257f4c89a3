#include "supervisor/store/publisher.hpp"
#include "tests/support/temporary_directory.hpp"

#include <doctest/doctest.h>

#include <algorithm>

namespace continuo::store::publisher_test {

using namespace std::chrono_literals;
using contract::TimelineSegment;
using test::TemporaryDirectory;

constexpr std::uint64_t first_number = 400;

/// What was asked to be on the disk, by the name it had then.
std::vector<fs::path> synced;

Publisher publisher_in(TemporaryDirectory const& scratch) {
    return {scratch.path() / "demo", scratch.path() / "state" / "channels" / "demo.json"};
}

TimelineSegment segment(std::uint64_t number, std::vector<std::string> files) {
    return {.number = number,
            .start = Ticks90k{4s} * static_cast<std::int64_t>(number),
            .duration = 4s,
            .date = contract::WallTime{1'700'000'000s},
            .discontinuity = false,
            .run = "r1",
            .files = std::move(files)};
}

contract::VariantFacts facts(std::string name, std::uint64_t bandwidth_bps) {
    contract::VariantFacts result;
    result.name = std::move(name);
    result.bandwidth_bps = bandwidth_bps;
    return result;
}

contract::ChannelSnapshot snapshot() {
    contract::ChannelSnapshot result;
    result.channel = "demo";
    result.target_duration = 6s;
    result.window = 5;
    result.discontinuity_sequence = 3;
    result.variants = {facts("source", 5'000'000), facts("720p", 2'800'000)};
    result.segments = {segment(500, {"source/r1/000000.ts", "720p/r1/000000.ts"}),
                       segment(501, {"source/r1/000001.ts", ""})};
    result.state.state = "on air";
    return result;
}

void write_files(TemporaryDirectory const& scratch) {
    scratch.write("demo/source/r1/000000.ts", "12345");
    scratch.write("demo/source/r1/000001.ts", "1234567");
    scratch.write("demo/720p/r1/000000.ts", "123");
}

std::vector<std::string> paths(std::vector<File> files) {
    std::vector<std::string> result;
    for (auto const& file : files)
        result.push_back(file.path);
    std::sort(result.begin(), result.end());
    return result;
}

TEST_CASE("publisher: a channel that never was begins with the number of the day") {
    TemporaryDirectory const scratch;
    auto const resume = publisher_in(scratch).resume(first_number, {"source"});
    CHECK(resume.next_number == first_number);
    CHECK(resume.discontinuity_sequence == 0);
    CHECK_FALSE(resume.discontinuity);
    CHECK(resume.segments.empty());
    CHECK(resume.leftovers.empty());
}

TEST_CASE("publisher: what was published is where the channel goes on") {
    TemporaryDirectory const scratch;
    write_files(scratch);
    REQUIRE(publisher_in(scratch).publish(snapshot()).has_value());
    auto const resume = publisher_in(scratch).resume(first_number, {"source", "720p"});
    CHECK(resume.next_number == 502);
    CHECK(resume.discontinuity_sequence == 3);
    CHECK(resume.discontinuity);
    CHECK(resume.variants == snapshot().variants);
    REQUIRE(resume.segments.size() == 2);
    CHECK(resume.segments[0] == snapshot().segments[0]);
    CHECK(resume.leftovers.empty());
    CHECK(resume.sizes == std::map<std::string, std::uint64_t>{{"source/r1/000000.ts", 5},
                                                               {"source/r1/000001.ts", 7},
                                                               {"720p/r1/000000.ts", 3}});
}

TEST_CASE("publisher: what a variant lacked in the snapshot is a sibling's") {
    TemporaryDirectory const scratch;
    write_files(scratch);
    REQUIRE(publisher_in(scratch).publish(snapshot()).has_value());
    auto const resume = publisher_in(scratch).resume(first_number, {"source", "720p"});
    CHECK(resume.segments[1].files[1] == "source/r1/000001.ts");
}

TEST_CASE("publisher: variants that were added, removed or moved find their files by name") {
    TemporaryDirectory const scratch;
    write_files(scratch);
    REQUIRE(publisher_in(scratch).publish(snapshot()).has_value());
    auto const resume = publisher_in(scratch).resume(first_number, {"720p", "576p"});
    using Files = std::vector<std::string>;
    CHECK(resume.segments[0].files == Files{"720p/r1/000000.ts", "source/r1/000000.ts"});
    CHECK(resume.segments[1].files == Files{"source/r1/000001.ts", "source/r1/000001.ts"});
    CHECK(resume.variants ==
          std::vector<contract::VariantFacts>{facts("720p", 2'800'000), facts("576p", 0)});
    CHECK(resume.leftovers.empty());
}

TEST_CASE("publisher: files of a removed variant that nobody lists are leftovers") {
    TemporaryDirectory const scratch;
    write_files(scratch);
    REQUIRE(publisher_in(scratch).publish(snapshot()).has_value());
    auto const resume = publisher_in(scratch).resume(first_number, {"source"});
    CHECK(paths(resume.leftovers) == std::vector<std::string>{"720p/r1/000000.ts"});
}

TEST_CASE("publisher: files that are on no list are leftovers; other files are none of it") {
    TemporaryDirectory const scratch;
    write_files(scratch);
    scratch.write("demo/source/r0/000009.ts", "1234");
    scratch.write("demo/source/r1/segments.jsonl", "{}");
    scratch.write("demo/source/r1/000002.ts.tmp", "torn");
    scratch.write("demo/_slate/source.ts", "slate");
    REQUIRE(publisher_in(scratch).publish(snapshot()).has_value());
    auto const resume = publisher_in(scratch).resume(first_number, {"source", "720p"});
    REQUIRE(paths(resume.leftovers) == std::vector<std::string>{"source/r0/000009.ts"});
    CHECK(resume.leftovers[0].bytes == 4);
}

TEST_CASE("publisher: without a snapshot the numbers on disk tell where to go on") {
    TemporaryDirectory const scratch;
    REQUIRE(publisher_in(scratch)
                .remember({.next_number = 700, .discontinuity_sequence = 9},
                          /*exact=*/true)
                .has_value());
    auto const resume = publisher_in(scratch).resume(first_number, {"source"});
    CHECK(resume.next_number == 700);
    CHECK(resume.discontinuity_sequence == 9);
    CHECK(resume.discontinuity);
    CHECK(resume.segments.empty());
    CHECK(publisher_in(scratch).resume(900, {"source"}).next_number == 900);
}

TEST_CASE("publisher: the snapshot knows better than the numbers on disk") {
    TemporaryDirectory const scratch;
    write_files(scratch);
    REQUIRE(publisher_in(scratch)
                .remember({.next_number = 700, .discontinuity_sequence = 9},
                          /*exact=*/false)
                .has_value());
    REQUIRE(publisher_in(scratch).publish(snapshot()).has_value());
    auto const resume = publisher_in(scratch).resume(first_number, {"source", "720p"});
    CHECK(resume.next_number == 502);
    CHECK(resume.discontinuity_sequence == 3);
}

TEST_CASE("publisher: a snapshot that lists nothing says nothing") {
    TemporaryDirectory const scratch;
    write_files(scratch);
    auto empty = snapshot();
    empty.segments.clear();
    REQUIRE(publisher_in(scratch).publish(empty).has_value());
    auto const resume = publisher_in(scratch).resume(first_number, {"source", "720p"});
    CHECK(resume.next_number == first_number);
    CHECK_FALSE(resume.discontinuity);
}

TEST_CASE("publisher: what can't be read counts as not there") {
    TemporaryDirectory const scratch;
    write_files(scratch);
    for (auto const* const text : {"", "{", "[]", "{\"next_number\":\"x\"}", "{\"version\":99}"}) {
        CAPTURE(text);
        scratch.write("demo/channel.json", text);
        scratch.write("state/channels/demo.json", text);
        auto const resume = publisher_in(scratch).resume(first_number, {"source"});
        CHECK(resume.next_number == first_number);
        CHECK(resume.segments.empty());
        CHECK(resume.leftovers.size() == 3);
    }
}

TEST_CASE("publisher: numbers are on the disk once remembered, a snapshot need not be") {
    TemporaryDirectory const scratch;
    write_files(scratch);
    auto publisher = publisher_in(scratch);
    synced.clear();
    REQUIRE(publisher.publish(snapshot()).has_value());
    CHECK(synced.empty());
    REQUIRE(publisher.remember({.next_number = 500}, /*exact=*/false).has_value());
    auto const folder = scratch.path() / "state/channels";
    CHECK((synced == std::vector{folder / "demo.json.tmp", folder}));
}

TEST_CASE("publisher: numbers are remembered in blocks, so that a commit costs no write") {
    TemporaryDirectory const scratch;
    auto publisher = publisher_in(scratch);
    auto const on_disk = [&] { return publisher_in(scratch).resume(0, {"source"}); };
    REQUIRE(
        publisher.remember({.next_number = 500, .discontinuity_sequence = 2}, false).has_value());
    CHECK(on_disk().next_number == 756);
    CHECK(on_disk().discontinuity_sequence == 258);
    auto const written = scratch.read("state/channels/demo.json");
    scratch.write("state/channels/demo.json", "untouched");
    REQUIRE(
        publisher.remember({.next_number = 755, .discontinuity_sequence = 257}, false).has_value());
    CHECK(scratch.read("state/channels/demo.json") == "untouched");

    SUBCASE("the block of numbers is used up") {
        REQUIRE(publisher.remember({.next_number = 756, .discontinuity_sequence = 3}, false)
                    .has_value());
        CHECK(on_disk().next_number == 1012);
    }
    SUBCASE("that of discontinuities is") {
        REQUIRE(publisher.remember({.next_number = 600, .discontinuity_sequence = 258}, false)
                    .has_value());
        CHECK(on_disk().discontinuity_sequence == 514);
    }
    SUBCASE("a proper stop") {
        REQUIRE(publisher.remember({.next_number = 600, .discontinuity_sequence = 4}, true)
                    .has_value());
        CHECK(on_disk().next_number == 600);
        CHECK(on_disk().discontinuity_sequence == 4);
    }
}

TEST_CASE("publisher: numbers that can't be written are an error") {
    TemporaryDirectory const scratch;
    scratch.write("state", "a file where a directory should be");
    CHECK_FALSE(publisher_in(scratch).remember({.next_number = 1}, false).has_value());
}

TEST_CASE("publisher: a snapshot that can't be written is an error, and the old one stays") {
    TemporaryDirectory const scratch;
    CHECK_FALSE(publisher_in(scratch).publish(snapshot()).has_value()); // there is no directory
}

TEST_CASE("publisher: files are unlinked by their path below the channel's directory") {
    TemporaryDirectory const scratch;
    write_files(scratch);
    publisher_in(scratch).unlink({"source/r1/000000.ts", "nobody/r1/000000.ts"});
    CHECK_FALSE(scratch.has("demo/source/r1/000000.ts"));
    CHECK(scratch.has("demo/source/r1/000001.ts"));
}

TEST_CASE("publisher: the sweep leaves what is active or in use, the slate and the snapshot") {
    TemporaryDirectory const scratch;
    write_files(scratch);
    scratch.write("demo/source/old/segments.jsonl", "");
    scratch.write("demo/720p/old/000003.ts", "1");
    scratch.write("demo/720p/new/segments.jsonl", "");
    scratch.write("demo/_source/old/run.json", "");
    scratch.write("demo/_slate/source.ts", "slate");
    auto publisher = publisher_in(scratch);
    REQUIRE(publisher.publish(snapshot()).has_value());
    TimelineOptions options{.channel = "demo", .variants = {"source", "720p"}};
    Timeline const timeline(options, publisher.resume(first_number, options.variants),
                            SteadyTime{1h}, contract::WallTime{});
    // 720p/old/000003.ts is a leftover, kept for late readers.
    publisher.sweep(timeline, {"720p/new"});
    CHECK(scratch.has("demo/source/r1/000000.ts"));
    CHECK(scratch.has("demo/720p/r1/000000.ts"));
    CHECK(scratch.has("demo/720p/new"));
    CHECK(scratch.has("demo/720p/old"));
    CHECK_FALSE(scratch.has("demo/source/old"));
    CHECK_FALSE(scratch.has("demo/_source/old"));
    CHECK(scratch.has("demo/_slate/source.ts"));
    CHECK(scratch.has("demo/channel.json"));
}

TEST_CASE("publisher: in the end nothing is left, but the numbers") {
    TemporaryDirectory const scratch;
    write_files(scratch);
    auto publisher = publisher_in(scratch);
    REQUIRE(publisher.remember({.next_number = 1}, true).has_value());
    publisher.remove_all();
    CHECK_FALSE(scratch.has("demo"));
    CHECK(scratch.has("state/channels/demo.json"));
}

} // namespace continuo::store::publisher_test

/// In the place of the C library's.
extern "C" int fsync(int descriptor) {
    auto const link = "/proc/self/fd/" + std::to_string(descriptor);
    continuo::store::publisher_test::synced.push_back(std::filesystem::read_symlink(link));
    return 0;
}
