#include "workers/ffmpeg/version.hpp"

#include <doctest/doctest.h>

namespace continuo::workers::ffmpeg::version_test {

constexpr auto banner =
    "ffmpeg version 5.1.9-0+deb12u1 Copyright (c) 2000-2026 the FFmpeg developers";

TEST_CASE("ffmpeg version: from the first line of its banner") {
    CHECK(parse_version(banner) == Version{.major = 5, .minor = 1});
    CHECK(parse_version("ffmpeg version 7.0 Copyright") == Version{.major = 7, .minor = 0});
    CHECK(parse_version("ffmpeg version n6.1.1-3 Copyright") == Version{.major = 6, .minor = 1});
    CHECK(parse_version("ffmpeg version 10.12") == Version{.major = 10, .minor = 12});
}

TEST_CASE("ffmpeg version: a build of a commit, and any other line, has none") {
    for (auto const* const line :
         {"", "ffmpeg version ", "ffmpeg version N-112233-gabcdef Copyright",
          "ffmpeg version git-2024-01-01", "ffmpeg version 5", "ffmpeg version 5.",
          "ffmpeg version 5.x", "ffmpeg version .1", "ffprobe version 5.1.9", "built with gcc 12",
          "  ffmpeg version 5.1"}) {
        CAPTURE(line);
        CHECK_FALSE(parse_version(line));
    }
}

TEST_CASE("ffmpeg version: cut anywhere before its minor number it is none") {
    std::string_view const line = banner;
    for (std::size_t length = 0; length <= line.find(".1"); ++length)
        CHECK_FALSE(parse_version(line.substr(0, length)));
}

TEST_CASE("ffmpeg version: what is too old is told in one line, with what is needed") {
    CHECK_FALSE(objection_to({.major = 5, .minor = 1}));
    CHECK_FALSE(objection_to({.major = 6, .minor = 0}));
    auto const objection = objection_to({.major = 4, .minor = 4});
    REQUIRE(objection);
    CHECK(objection->find("4.4") != std::string::npos);
    CHECK(objection->find("5.1") != std::string::npos);
    CHECK(objection->find('\n') == std::string::npos);
    CHECK(objection_to({.major = 5, .minor = 0}));
}

} // namespace continuo::workers::ffmpeg::version_test
