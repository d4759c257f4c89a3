#include "core/os/file.hpp"
#include "tests/support/temporary_directory.hpp"
#include "workers/segment/run_writer.hpp"

#include <doctest/doctest.h>

#include <sys/resource.h>

#include <algorithm>
#include <csignal>
#include <string>

namespace run_writer_test {

using namespace continuo;
using namespace continuo::segment;

/// Writes what the test says, each call one output.
struct Desk {
    test::TemporaryDirectory directory;
    RunWriter writer{directory.path()};
    Output output;

    Desk& open(Ticks90k start) { return event(SegmentOpened{.start = start}); }
    Desk& bytes(std::size_t count, std::uint8_t value = 'x') {
        output.bytes.insert(output.bytes.end(), count, value);
        return *this;
    }
    Desk& close(Ticks90k start) {
        contract::SegmentLine line;
        line.start = start;
        line.duration = Ticks90k(360'000);
        return event(SegmentClosed{line});
    }
    Result<> take() {
        auto result = writer.take(output);
        output.clear();
        return result;
    }
    std::vector<std::string> files() const {
        std::vector<std::string> names;
        for (auto const& entry : std::filesystem::directory_iterator(directory.path())) {
            names.push_back(entry.path().filename());
        }
        std::ranges::sort(names);
        return names;
    }
    std::vector<contract::SegmentLine> lines() const {
        std::vector<contract::SegmentLine> all;
        auto const text = os::read_file(directory.path() / contract::segment_lines_file).value();
        for (std::size_t at = 0; at < text.size();) {
            auto const end = text.find('\n', at);
            REQUIRE(end != std::string::npos);
            all.push_back(contract::parse_segment_line(text.substr(at, end - at)).value());
            at = end + 1;
        }
        return all;
    }
    std::string content(char const* name) const {
        return os::read_file(directory.path() / name).value();
    }

private:
    Desk& event(Happening what) {
        output.events.push_back({.offset = output.bytes.size(), .what = std::move(what)});
        return *this;
    }
};

/// No file of this process may grow beyond `bytes`: the disk is full, as far as it can see.
class FullDisk {
public:
    explicit FullDisk(rlim_t bytes) {
        std::signal(SIGXFSZ, SIG_IGN);
        ::getrlimit(RLIMIT_FSIZE, &before_);
        rlimit const limit{.rlim_cur = bytes, .rlim_max = before_.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &limit);
    }
    FullDisk(FullDisk const&) = delete;
    FullDisk& operator=(FullDisk const&) = delete;
    ~FullDisk() { ::setrlimit(RLIMIT_FSIZE, &before_); }

private:
    rlimit before_{};
};

TEST_CASE("run writer: a segment has its name once it is whole and its line is there") {
    Desk desk;
    CHECK(desk.open(Ticks90k(7)).bytes(1000).take().has_value());
    CHECK(desk.files() == std::vector<std::string>{".000000.ts.tmp"});
    CHECK(desk.bytes(500, 'y').close(Ticks90k(7)).open(Ticks90k(8)).bytes(10).take().has_value());
    CHECK(desk.files() ==
          std::vector<std::string>{".000001.ts.tmp", "000000.ts", "segments.jsonl"});
    CHECK(desk.content("000000.ts") == std::string(1000, 'x') + std::string(500, 'y'));
    auto const lines = desk.lines();
    REQUIRE(lines.size() == 1);
    CHECK(lines[0].name == "000000.ts");
    CHECK(lines[0].bytes == 1500);
    CHECK(lines[0].start == Ticks90k(7));
}

TEST_CASE("run writer: large segments are written on the way") {
    Desk desk;
    CHECK(desk.open({}).bytes(3'000'000).take().has_value());
    CHECK(std::filesystem::file_size(desk.directory.path() / ".000000.ts.tmp") == 3'000'000);
    CHECK(desk.bytes(5).close({}).take().has_value());
    CHECK(desk.lines()[0].bytes == 3'000'005);
}

TEST_CASE("run writer: an open segment leaves no file behind") {
    Desk desk;
    {
        RunWriter writer(desk.directory.path());
        CHECK(writer.take(desk.open({}).bytes(10).output).has_value());
        CHECK_FALSE(desk.files().empty());
    }
    CHECK(desk.files().empty());
}

TEST_CASE("run writer: a disk that is full costs the segment, is said once, and the next one is "
          "written") {
    Desk desk;
    {
        FullDisk const full(600'000);
        desk.open(Ticks90k(1)).bytes(500'000);
        CHECK(desk.take().has_value());
        auto const failed = desk.bytes(500'000).take();
        REQUIRE_FALSE(failed.has_value());
        CHECK(to_text(failed.error()).find(".000000.ts.tmp") != std::string::npos);
        CHECK(desk.files().empty());
        CHECK(desk.bytes(500'000).take().has_value());
        CHECK(desk.close(Ticks90k(1))
                  .open(Ticks90k(2))
                  .bytes(100)
                  .close(Ticks90k(2))
                  .take()
                  .has_value());
    }
    CHECK(desk.files() == std::vector<std::string>{"000001.ts", "segments.jsonl"});
    CHECK(desk.lines().size() == 1);
}

TEST_CASE("run writer: a line that does not fit is taken back, and its segment with it") {
    Desk desk;
    CHECK(desk.open(Ticks90k(1)).bytes(10).close(Ticks90k(1)).take().has_value());
    auto const before = desk.content("segments.jsonl");
    {
        FullDisk const full(before.size() + 20); // a part of the line still fits
        desk.open(Ticks90k(2)).bytes(10).close(Ticks90k(2));
        CHECK_FALSE(desk.take().has_value());
    }
    CHECK(desk.content("segments.jsonl") == before);
    CHECK(desk.files() == std::vector<std::string>{"000000.ts", "segments.jsonl"});
    CHECK(desk.open(Ticks90k(3)).bytes(10).close(Ticks90k(3)).take().has_value());
    CHECK(desk.lines().back().name == "000002.ts");
}

TEST_CASE("run writer: a directory that is not there is one error a segment") {
    RunWriter writer("/nonexistent");
    Desk desk;
    desk.open({}).bytes(10);
    CHECK_FALSE(writer.take(desk.output).has_value());
    desk.output.clear();
    CHECK(writer.take(desk.bytes(10).output).has_value());
}

} // namespace run_writer_test
