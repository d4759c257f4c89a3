#include "http/watch/installed.hpp"
#include "http/watch/machine.hpp"
#include "tests/support/temporary_directory.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <string>

using namespace continuo::watch;

TEST_CASE("installed: what PATH leads to, and can be run") {
    continuo::test::TemporaryDirectory const directory;
    directory.write("mpv", "#!/bin/sh\n");
    directory.write("other/readme", "");
    auto const path = directory.path().string();
    CHECK_FALSE(is_installed("mpv", path));
    std::filesystem::permissions(directory.path() / "mpv", std::filesystem::perms::owner_all);
    CHECK(is_installed("mpv", "/nowhere::" + path + ":/elsewhere"));
    CHECK_FALSE(is_installed("other", path)); // a folder
    CHECK_FALSE(is_installed("mpv", ""));
    CHECK_FALSE(is_installed("mpv", ":"));
    CHECK(is_installed("sh"));
}

TEST_CASE("machine: the page says what is lacking, and nothing where nothing is") {
    CHECK(lacks_html({.ffmpeg = true, .mpv = true, .ffprobe = true}) == "");
    CHECK(lacks_html({.ffmpeg = true, .mpv = false, .ffprobe = true}) ==
          "<p class=\"state ill\">mpv is missing on the server, so no film can be shown: "
          "apt-get install mpv</p>\n");
    CHECK(lacks_html({.ffmpeg = true, .mpv = true, .ffprobe = false})
              .find("apt-get install ffmpeg") != std::string::npos);
    CHECK(lacks_html({.ffmpeg = true, .mpv = true, .ffprobe = true, .tmpfs_note = "<mount>"}) ==
          "<p class=\"state ill\">&lt;mount&gt;</p>\n");
}
