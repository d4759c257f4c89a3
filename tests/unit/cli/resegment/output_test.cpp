#include "cli/resegment/output.hpp"
#include "core/os/file.hpp"
#include "tests/support/temporary_directory.hpp"

#include <doctest/doctest.h>

#include <string>

namespace continuo::cli::resegment::output_test {

struct Folder : test::TemporaryDirectory {
    fs::path write(std::string const& name, std::string const& bytes) const {
        TemporaryDirectory::write(name, bytes);
        return path() / name;
    }
};

std::string text_of(fs::path const& path) {
    auto const text = os::read_file(path);
    return text ? *text : "(not there)";
}

TEST_CASE("output: segments get their number by rename") {
    Folder const folder;
    auto output = Output::open(folder.path() / "out", {.variants = 2});
    REQUIRE(output.has_value());
    auto const placed = output->place(1, 42, folder.write("000001.ts", "abc"));
    REQUIRE(placed.has_value());
    CHECK(placed->uri == "seg42.ts");
    CHECK(placed->path == folder.path() / "out/1/seg42.ts");
    CHECK(text_of(placed->path) == "abc");
    CHECK_FALSE(fs::exists(folder.path() / "000001.ts"));
    CHECK(Output::uri_from_outside(1, placed->uri) == "../1/seg42.ts");
    output->remove(1, 42);
    CHECK_FALSE(fs::exists(placed->path));
    CHECK(output->place(0, 1, folder.path() / "none").has_error());
}

TEST_CASE("output: with byte ranges all segments of a variant are one file") {
    Folder const folder;
    auto const output = Output::open(folder.path(), {.variants = 1, .byte_ranges = true});
    REQUIRE(output.has_value());
    CHECK(output->place(0, 0, folder.write("a", "abc"))->range ==
          hls::ByteRange{.length_bytes = 3, .offset_bytes = 0});
    auto const second = output->place(0, 1, folder.write("b", "defg"));
    CHECK(second->range == hls::ByteRange{.length_bytes = 4, .offset_bytes = 3});
    CHECK(second->uri == "segments.ts");
    CHECK(text_of(second->path) == "abcdefg");
    CHECK_FALSE(fs::exists(folder.path() / "b"));
}

TEST_CASE("output: run directories are never given twice, and go in the end") {
    Folder const folder;
    {
        auto output = Output::open(folder.path(), {.variants = 2});
        REQUIRE(output.has_value());
        auto const first = output->new_run_directory(1);
        CHECK(first != output->new_run_directory(1));
        CHECK(first != output->new_run_directory(0));
        CHECK(fs::exists(output->boundaries()));
        fs::create_directories(first);
        Output const moved = std::move(*output);
        CHECK(fs::exists(first));
    }
    CHECK_FALSE(fs::exists(folder.path() / ".continuo"));
    CHECK(fs::exists(folder.path() / "1"));
}

TEST_CASE("output: two runs do not write to one place") {
    Folder const folder;
    auto const first = Output::open(folder.path(), {.variants = 1});
    REQUIRE(first.has_value());
    auto const second = Output::open(folder.path(), {.variants = 1});
    REQUIRE(second.has_error());
    CHECK(second.error().code == Errc::conflict);
    CHECK(fs::exists(folder.path() / ".continuo"));
}

TEST_CASE("output: lists are replaced together, and read again by who goes on") {
    Folder const folder;
    {
        auto const output = Output::open(folder.path(), {.variants = 2});
        REQUIRE(output->write_playlists({"one", "two"}).has_value());
        REQUIRE(output->write_master("master").has_value());
    }
    CHECK(text_of(folder.path() / "master.m3u8") == "master");
    {
        auto const output = Output::open(folder.path(), {.variants = 2, .append = true});
        REQUIRE(output->read_playlists().has_value());
        CHECK(*output->read_playlists() == std::vector<std::string>{"one", "two"});
    }
    auto const output = Output::open(folder.path(), {.variants = 2});
    CHECK_FALSE(fs::exists(folder.path() / "1/index.m3u8"));
    CHECK(output->read_playlists()->empty());
    REQUIRE(output->write_playlists({"one", "two"}).has_value());
    fs::remove(folder.path() / "1/index.m3u8");
    CHECK(output->read_playlists().has_error());
}

TEST_CASE("output: where one list can't be written, none changes") {
    Folder const folder;
    auto const output = Output::open(folder.path(), {.variants = 2});
    REQUIRE(output->write_playlists({"one", "two"}).has_value());
    fs::remove_all(folder.path() / "1");
    CHECK(output->write_playlists({"three", "four"}).has_error());
    CHECK(text_of(folder.path() / "0/index.m3u8") == "one");
    CHECK_FALSE(fs::exists(folder.path() / "0/index.m3u8.tmp"));
}

TEST_CASE("output: a place that can't be made is an error with its path") {
    Folder const folder;
    folder.write("file", "");
    auto const output = Output::open(folder.path() / "file/out", {.variants = 1});
    REQUIRE(output.has_error());
    CHECK(output.error().context.find("file/out") != std::string::npos);
}

} // namespace continuo::cli::resegment::output_test
