#include "core/media/web_vtt.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

namespace continuo::media::web_vtt_test {

using namespace std::chrono_literals;

constexpr std::string_view written_by_ffmpeg = "WEBVTT\n\n"
                                               "00:02.000 --> 00:06.000\n"
                                               "Here is what they say,\n"
                                               "and a good deal more of it\n\n"
                                               "01:00:07.250 --> 01:00:08.000 line:0 align:start\n"
                                               "<i>later</i>\n\n";

std::vector<Caption> const both{
    {.start = 2s, .end = 6s, .text = "Here is what they say,\nand a good deal more of it"},
    {.start = 3'607'250ms, .end = 3'608s, .text = "<i>later</i>"}};

std::vector<Caption> read(std::string_view text) {
    return CaptionReader{}.feed(text);
}

TEST_CASE("captions: as ffmpeg writes them") {
    CHECK(read(written_by_ffmpeg) == both);
}

TEST_CASE("captions: in two pieces, cut anywhere, and byte by byte") {
    for (std::size_t cut = 0; cut <= written_by_ffmpeg.size(); ++cut) {
        CaptionReader reader;
        auto found = reader.feed(written_by_ffmpeg.substr(0, cut));
        for (auto const& more : reader.feed(written_by_ffmpeg.substr(cut)))
            found.push_back(more);
        CHECK(found == both);
    }
    CaptionReader reader;
    std::vector<Caption> found;
    for (char const& byte : written_by_ffmpeg)
        for (auto const& more : reader.feed({&byte, 1}))
            found.push_back(more);
    CHECK(found == both);
}

TEST_CASE("captions: of a torn end nothing is told that is not whole") {
    for (std::size_t length = 0; length < written_by_ffmpeg.size(); ++length) {
        auto const found = read(written_by_ffmpeg.substr(0, length));
        REQUIRE(found.size() <= both.size());
        for (std::size_t i = 0; i < found.size(); ++i)
            CHECK(found[i] == both[i]);
    }
    CHECK(read(written_by_ffmpeg.substr(0, written_by_ffmpeg.size() - 1)).size() == 1);
}

TEST_CASE("captions: the last one needs no empty line, once it is settled") {
    CaptionReader reader;
    CHECK(reader.settle().empty());
    CHECK(reader.feed("WEBVTT\n\n00:01.000 --> 00:02.000\nx").empty());
    CHECK(reader.settle().empty()); // the line is torn
    CHECK(reader.feed("y\n").empty());
    CHECK(reader.settle() == std::vector<Caption>{{.start = 1s, .end = 2s, .text = "xy"}});
    CHECK(reader.settle().empty());
    CHECK(reader.feed("\n00:03.000 --> 00:04.000\nz\n\n") ==
          std::vector<Caption>{{.start = 3s, .end = 4s, .text = "z"}});
}

TEST_CASE("captions: what is none is passed over") {
    for (std::string_view const text :
         {"", "\n\n\n", "WEBVTT\n\n", "NOTE 00:01.000 --> 00:02.000x\n\n", "STYLE\n::cue {}\n\n",
          "00:02.000 --> 00:02.000\nno time\n\n", "00:03.000 --> 00:02.000\nbackwards\n\n",
          "00:02.000 --> 00:06.000\n\n", "00:2.000 --> 00:06.000\nx\n\n",
          "00:02,000 --> 00:06,000\nx\n\n", "00:61.000 --> 01:06.000\nx\n\n",
          "0:00:02.000 --> 0:00:06.000\nx\n\n", "-1:02.000 --> 00:06.000\nx\n\n",
          "00:02.000 -> 00:06.000\nx\n\n", "a\nb\n00:02.000 --> 00:06.000\nx\n\n",
          "1000:00:02.000 --> 1000:00:06.000\nx\n\n", "00:02.0000 --> 00:06.000\nx\n\n"}) {
        CAPTURE(std::string(text));
        CHECK(read(text).empty());
    }
}

TEST_CASE("captions: a name before the times, other ends of lines, times within the text") {
    CHECK(read("7\r\n00:01.000 --> 00:02.000\r\nx\r\n\r\n") ==
          std::vector<Caption>{{.start = 1s, .end = 2s, .text = "x"}});
    CHECK(read("00:01.000-->00:02.000\nx --> y\n\n") ==
          std::vector<Caption>{{.start = 1s, .end = 2s, .text = "x --&gt; y"}});
}

TEST_CASE("captions: a block without an end costs no more than its limit, and the next is read") {
    CaptionReader reader;
    std::string const line(1000, 'x');
    CHECK(reader.feed("00:01.000 --> 00:02.000\n").empty());
    for (int i = 0; i < 1000; ++i)
        CHECK(reader.feed(line + '\n').empty());
    CHECK(reader.feed(std::string(CaptionReader::longest_block * 2, 'y')).empty());
    CHECK(reader.feed("\n\n").empty());
    CHECK(reader.feed("00:01.000 --> 00:02.000\nx\n\n").size() == 1);
}

TEST_CASE("captions known: those that are over make room, and none are taken in again") {
    KnownCaptions known;
    known.add(both);
    known.forget_until(6s);
    CHECK(known.all() == std::vector<Caption>{both[1]});
    known.add(both);
    CHECK(known.all() == std::vector<Caption>{both[1], both[1]});
}

TEST_CASE("captions known: no more than there is room for, however long they are shown") {
    KnownCaptions known;
    std::string const text(60'000, 'x');
    for (auto start = 0s; start < 250s; start += 1s)
        known.add({{.start = start, .end = 10h, .text = text}});
    known.add({{.start = 0s, .end = 1s, .text = "short"}});
    CHECK(known.all().size() == 5);
    CHECK(web_vtt_segment(known.all(), 0s, 4s, 900'000).size() < KnownCaptions::room + 100);
    known.forget_until(10h);
    CHECK(known.all().empty());
    known.add({{.start = 10h, .end = 11h, .text = text}});
    CHECK(known.all().size() == 1);
}

TEST_CASE("captions written: a segment has all that is shown in it, with the times of the film") {
    CHECK(web_vtt_segment(both, 4s, 8s, 900'000) ==
          "WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:900000,LOCAL:00:00:00.000\n\n"
          "00:00:02.000 --> 00:00:06.000\nHere is what they say,\nand a good deal more of it\n\n");
    CHECK(web_vtt_segment(both, 0s, 2s, 0) ==
          "WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:0,LOCAL:00:00:00.000\n\n");
    CHECK(web_vtt_segment(both, 6s, 3'607'250ms, 0) ==
          "WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:0,LOCAL:00:00:00.000\n\n");
    CHECK(read(web_vtt_segment(both, 0s, 2h, 900'000)) == both);
}

} // namespace continuo::media::web_vtt_test
