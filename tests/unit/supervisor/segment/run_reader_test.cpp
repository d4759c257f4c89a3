#include "core/os/file.hpp"
#include "supervisor/segment/run_reader.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/support/wait_until.hpp"

#include <doctest/doctest.h>

#include <fstream>

namespace continuo::segment::run_reader_test {

using test::wait_until;
using Names = std::vector<std::string>;

/// A run directory as a segmenter fills it, and its reader.
struct Reading {
    explicit Reading(bool of_source = true) {
        fs::create_directory(directory());
        auto opened = DirectoryWatches::open(loop.get_executor());
        REQUIRE(opened.has_value());
        watches = *std::move(opened);
        RunHandlers handlers{
            .on_segment =
                [this](contract::SegmentLine const& line) { segments.push_back(line.name); },
            .on_info = nullptr};
        if (of_source)
            handlers.on_info = [this](contract::RunInfo const& info) { infos.push_back(info); };
        auto made = RunReader::open(*watches, directory(), std::move(handlers));
        REQUIRE(made.has_value());
        reader = *std::move(made);
    }

    fs::path directory() const { return scratch.path() / "run"; }
    void append(std::uint64_t index) const {
        contract::SegmentLine line;
        line.name = contract::segment_file_name(index);
        line.duration = std::chrono::seconds{4};
        std::ofstream(directory() / contract::segment_lines_file, std::ios::app)
            << contract::encode(line) << '\n';
    }
    void rename_in(std::uint64_t index) const {
        REQUIRE(
            os::replace_file(directory() / contract::segment_file_name(index), "ts").has_value());
    }
    void finish(std::uint64_t index) const {
        append(index);
        rename_in(index);
    }
    void write_info(std::int64_t period) const {
        contract::RunInfo info;
        info.grid.period = Ticks90k{period};
        REQUIRE(os::replace_file(directory() / contract::run_info_file, contract::encode(info))
                    .has_value());
    }
    bool wait_for(std::size_t count) {
        return wait_until(loop, [&] { return segments.size() >= count; });
    }

    test::TemporaryDirectory scratch;
    boost::asio::io_context loop;
    std::unique_ptr<DirectoryWatches> watches;
    std::unique_ptr<RunReader> reader;
    Names segments;
    std::vector<contract::RunInfo> infos;
};

TEST_CASE("run reader: a finished segment is handed on when its file is renamed into place") {
    Reading reading;
    reading.finish(0);
    reading.finish(1);
    REQUIRE(reading.wait_for(2));
    CHECK(reading.segments == Names{"000000.ts", "000001.ts"});
}

TEST_CASE("run reader: a line alone is nothing, until its file is there") {
    Reading reading;
    reading.append(0);
    reading.reader->look();
    CHECK(reading.segments.empty());
    reading.rename_in(0);
    REQUIRE(reading.wait_for(1));
}

TEST_CASE("run reader: of a killed segmenter the line without a file is passed over") {
    Reading reading;
    reading.append(0);
    reading.finish(1);
    REQUIRE(reading.wait_for(1));
    CHECK(reading.segments == Names{"000001.ts"});
}

TEST_CASE("run reader: a file without a line is nothing") {
    Reading reading;
    reading.rename_in(7);
    reading.finish(0);
    REQUIRE(reading.wait_for(1));
    CHECK(reading.segments == Names{"000000.ts"});
}

TEST_CASE("run reader: asked to look, it reads what no event has told yet") {
    Reading reading;
    reading.finish(0);
    reading.write_info(360000);
    reading.reader->look();
    CHECK(reading.segments == Names{"000000.ts"});
    CHECK(reading.infos.size() == 1);
    reading.reader->look();
    CHECK(reading.segments.size() == 1);
    CHECK(reading.infos.size() == 1);
}

TEST_CASE("run reader: facts of the run are handed on whenever they change") {
    Reading reading;
    reading.write_info(360000);
    REQUIRE(wait_until(reading.loop, [&] { return reading.infos.size() == 1; }));
    reading.write_info(360000); // the same again
    reading.write_info(345600);
    REQUIRE(wait_until(reading.loop, [&] { return reading.infos.size() == 2; }));
    CHECK(reading.infos[0].grid.period == Ticks90k{360000});
    CHECK(reading.infos[1].grid.period == Ticks90k{345600});
}

TEST_CASE("run reader: facts that can't be read are none") {
    Reading reading;
    REQUIRE(os::replace_file(reading.directory() / contract::run_info_file, "{").has_value());
    reading.finish(0);
    REQUIRE(reading.wait_for(1));
    CHECK(reading.infos.empty());
}

TEST_CASE("run reader: a variant's reader does not ask for the run's facts") {
    Reading reading(/*of_source=*/false);
    reading.write_info(360000);
    reading.finish(0);
    CHECK(reading.wait_for(1));
}

TEST_CASE("run reader: many segments at once all come, in their order") {
    Reading reading;
    for (std::uint64_t index = 0; index < 500; ++index)
        reading.finish(index);
    REQUIRE(reading.wait_for(500));
    for (std::uint64_t index = 0; index < 500; ++index)
        REQUIRE(reading.segments[index] == contract::segment_file_name(index));
}

TEST_CASE("run reader: destroyed, it hears nothing more") {
    Reading reading;
    Names others;
    fs::create_directory(reading.scratch.path() / "other");
    auto const other = reading.watches->add(
        reading.scratch.path() / "other", [&](std::string const& name) { others.push_back(name); });
    REQUIRE(other.has_value());
    reading.finish(0);
    reading.reader.reset();
    reading.scratch.write("x", "x");
    fs::rename(reading.scratch.path() / "x", reading.scratch.path() / "other" / "x");
    REQUIRE(wait_until(reading.loop, [&] { return !others.empty(); }));
    CHECK(reading.segments.empty());
}

TEST_CASE("run reader: a directory that is not there is an error") {
    Reading reading;
    auto const opened = RunReader::open(*reading.watches, reading.scratch.path() / "missing",
                                        {.on_segment = [](auto const&) {}, .on_info = nullptr});
    CHECK(opened.has_error());
}

} // namespace continuo::segment::run_reader_test
