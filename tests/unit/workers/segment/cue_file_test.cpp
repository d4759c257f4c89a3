#include "tests/support/temporary_directory.hpp"
#include "workers/segment/cue_file.hpp"

#include <doctest/doctest.h>

#include <fstream>

namespace cue_file_test {

using namespace continuo;
using namespace continuo::segment;
namespace fs = std::filesystem;

constexpr auto out_cue = "/DAhAAAAAAAAAP/wEAUAAAAJf78A/gASZvAACQAAAACokv3z";
constexpr auto in_cue = "/DAcAAAAAAAAAP/wCwUAAAABfx8AAAEAAAAA3r8DiQ==";

void write(fs::path const& path, std::string const& text, std::ios::openmode mode) {
    std::ofstream(path, mode) << text;
}

std::string line(std::string const& when, std::string const& cue) {
    return when + ", " + cue + "\n";
}

std::vector<std::string> origins(CueFile& file) {
    std::vector<std::string> all;
    for (auto const& request : file.read_new().requests)
        all.push_back(request.origin);
    return all;
}

using Origins = std::vector<std::string>;

TEST_CASE("cue file: what is appended is found, once") {
    test::TemporaryDirectory const directory;
    auto const path = directory.path() / "sidecar.txt";
    CueFile file(path);
    CHECK(origins(file).empty()); // it need not be there
    write(path, "", std::ios::app);
    CHECK(origins(file).empty());
    write(path, line("1", out_cue), std::ios::app);
    CHECK(origins(file) == Origins{"sidecar.txt:1"});
    CHECK(origins(file).empty());
    write(path, line("2", in_cue) + line("3", out_cue), std::ios::app);
    write(path, line("4", in_cue), std::ios::app);
    CHECK(origins(file) == Origins{"sidecar.txt:2", "sidecar.txt:3", "sidecar.txt:4"});
    fs::remove(path);
    CHECK(origins(file).empty());
}

TEST_CASE("cue file: one that was written anew is read from its start") {
    test::TemporaryDirectory const directory;
    auto const path = directory.path() / "sidecar.txt";
    CueFile file(path);
    write(path, line("0", out_cue), std::ios::trunc);
    CHECK(origins(file) == Origins{"sidecar.txt:1"});
    write(path, line("0", in_cue), std::ios::trunc);
    CHECK(origins(file) == Origins{"sidecar.txt:1"});
    write(path, line("0", out_cue) + line("+1", in_cue), std::ios::trunc); // longer than before
    CHECK(origins(file) == Origins{"sidecar.txt:1", "sidecar.txt:2"});
    write(path, "", std::ios::trunc);
    CHECK(origins(file).empty());
    write(path, line("0", out_cue), std::ios::app);
    CHECK(origins(file) == Origins{"sidecar.txt:1"});
}

TEST_CASE("cue file: an editor that puts a longer copy in its place has appended") {
    test::TemporaryDirectory const directory;
    auto const path = directory.path() / "sidecar.txt";
    CueFile file(path);
    auto text = line("0", out_cue);
    for (int i = 0; i < 200; ++i)
        text += line(std::to_string(100 + i), in_cue);
    write(path, text, std::ios::trunc);
    CHECK(origins(file).size() == 201);
    write(directory.path() / "copy", text + line("0", in_cue), std::ios::trunc);
    fs::rename(directory.path() / "copy", path);
    CHECK(origins(file) == Origins{"sidecar.txt:202"});
}

TEST_CASE("cue file: what is no file has no cues") {
    test::TemporaryDirectory const directory;
    CueFile file(directory.path());
    CHECK(origins(file).empty());
}

} // namespace cue_file_test
