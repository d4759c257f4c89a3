#include "core/os/file.hpp"
#include "tests/support/temporary_directory.hpp"

#include <doctest/doctest.h>

#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <string>

namespace continuo::os::file_test {

struct Directory : test::TemporaryDirectory {
    fs::path operator/(char const* name) const { return path() / name; }
    bool holds_only(char const* name) const {
        fs::directory_iterator const entries(path());
        return std::distance(begin(entries), end(entries)) == 1 && fs::exists(path() / name);
    }
};

unsigned mode_of(fs::path const& file) {
    struct stat facts {};
    REQUIRE(::stat(file.c_str(), &facts) == 0);
    return facts.st_mode & 0777u;
}

TEST_CASE("file: a replaced file has the new bytes, and nothing is left beside it") {
    Directory const directory;
    REQUIRE(replace_file(directory / "a", "old and longer").has_value());
    REQUIRE(replace_file(directory / "a", "new").has_value());
    CHECK(read_file(directory / "a").value() == "new");
    CHECK(directory.holds_only("a"));
}

TEST_CASE("file: one for its owner is readable for nobody else, whatever was there before") {
    Directory const directory;
    REQUIRE(replace_file(directory / "secret", "1").has_value());
    std::ofstream(directory / "secret.tmp") << "left behind by one that was killed";
    REQUIRE(::chmod((directory / "secret.tmp").c_str(), 0666) == 0);
    REQUIRE(replace_file(directory / "secret", "2", Readers::owner).has_value());
    CHECK(mode_of(directory / "secret") == 0600);
    CHECK(read_file(directory / "secret").value() == "2");
    CHECK(directory.holds_only("secret"));
}

TEST_CASE("file: what can't be replaced stays, and the reason names the file") {
    Directory const directory;
    auto const failed = replace_file(directory / "nowhere/a", "x");
    REQUIRE(failed.has_error());
    CHECK(to_text(failed.error()).find("nowhere/a.tmp\": No such file or directory") !=
          std::string::npos);

    fs::create_directories(directory / "a/b");
    CHECK(replace_file(directory / "a", "x").has_error());
    CHECK(directory.holds_only("a"));
}

TEST_CASE("file: a file longer than the limit is not read") {
    Directory const directory;
    REQUIRE(replace_file(directory / "a", "12345").has_value());
    CHECK(read_file(directory / "a", 5).value() == "12345");
    CHECK(read_file(directory / "a", 4).error().code == Errc::out_of_range);
    CHECK(read_file(directory / "b").error().code ==
          boost::system::errc::no_such_file_or_directory);
}

} // namespace continuo::os::file_test
