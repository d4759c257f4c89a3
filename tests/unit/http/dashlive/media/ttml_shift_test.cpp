#include "http/dashlive/media/ttml_shift.hpp"
#include "tests/support/mp4_builder.hpp"
#include "tests/support/stored_asset.hpp"

#include <doctest/doctest.h>

#include <string>

namespace ttml_shift_test {

using namespace continuo;
using namespace continuo::dashlive;
using namespace std::chrono_literals;

test::Bytes bytes_of(std::string_view text) {
    return {text.begin(), text.end()};
}

std::string text_of(test::Bytes const& bytes) {
    return {bytes.begin(), bytes.end()};
}

TEST_CASE("every time of day in a document moves, and is written with milliseconds") {
    struct Row {
        std::string before;
        std::chrono::milliseconds shift;
        std::string after;
    };
    std::vector<Row> const rows{
        {R"(<p begin="00:00:01.500" end="00:00:02">)", 8s,
         R"(<p begin="00:00:09.500" end="00:00:10.000">)"},
        {"00:00:00", 0s, "00:00:00.000"},
        {"00:59:59.999", 1ms, "01:00:00.000"},
        {"23:59:59.9", 1h, "24:59:59.900"},
        {"99:00:00.000", 1h, "100:00:00.000"},
        {"123:00:00.000", 400000h, "400123:00:00.000"},
        {"00:00:01.5", -1s, "00:00:00.500"},
        {"00:00:01.5", -2s, "00:00:00.000"},
        {"00:00:01.123456", 1s, "00:00:02.123"},
        {"00:00:01:12", 1s, "00:00:02.000:12"},
        {"0:00:01.0", 1s, "0:00:01.0"},
        {"00:0:01.0", 1s, "00:0:01.0"},
        {"00:00:1", 1s, "00:00:1"},
        {"00:00:001", 1s, "00:00:001"},
        {"00:00", 1s, "00:00"},
        {"a00:00:01b", 1s, "a00:00:02.000b"},
        {"00:00:01.", 1s, "00:00:02.000."},
        {"5:00:00:01", 1s, "5:00:00:01"},
        {"1234567890:00:00", 1s, "1234567890:00:00"},
        {"12.5s", 1s, "12.5s"},
        {"", 1s, ""},
        {"\xC3\xA5 00:00:01 \xF0\x9F\x98\x80", 1s, "\xC3\xA5 00:00:02.000 \xF0\x9F\x98\x80"},
    };
    for (auto const& row : rows) {
        CAPTURE(row.before);
        CHECK(shifted_ttml(row.before, row.shift) == row.after);
    }
}

TEST_CASE("subtitles of the asset move with their segments, and sizes go with them") {
    auto const stored =
        test::stored_asset({{.id = "v", .timescale = 90'000, .sample = 3'000, .samples = {60, 60}},
                            {.id = "s",
                             .content = Content::text,
                             .timescale = 1'000,
                             .sample = 2'000,
                             .samples = {1, 1},
                             .codecs = "stpp.ttml.im1t",
                             .payloads = {bytes_of("<p begin=\"00:00:00\" end=\"00:00:01\"/>"),
                                          bytes_of("<p begin=\"00:00:02\" end=\"00:00:03\"/>")}}});
    for (auto const* const options : {"", "chunkdur_0.5/", "sidx_1/", "eccp_cenc/"}) {
        CAPTURE(options);
        auto const session = test::session_of(stored, options, 40'000);
        auto const segment = test::seen(test::served(stored, session, "s/17.m4s"));
        CHECK(segment.time == 34'000);
        CHECK(segment.duration == 2'000);
        CHECK(segment.numbers == std::vector<std::uint32_t>{17});
        REQUIRE(segment.payloads.size() == 1);
        CHECK(text_of(segment.payloads[0]) == "<p begin=\"00:00:34.000\" end=\"00:00:35.000\"/>");
    }
}

TEST_CASE("WebVTT has no times of its own: its bytes stay") {
    auto const stored = test::stored_asset(
        {{.id = "v", .timescale = 90'000, .sample = 3'000, .samples = {60, 60}},
         {.id = "s",
          .content = Content::text,
          .timescale = 1'000,
          .sample = 2'000,
          .samples = {1, 1},
          .codecs = "wvtt",
          .payloads = {bytes_of("it is 00:00:00"), bytes_of("it is 00:00:02")}}});
    auto const session = test::session_of(stored, "", 40'000);
    auto const segment = test::seen(test::served(stored, session, "s/17.m4s"));
    CHECK(segment.time == 34'000);
    CHECK(text_of(segment.payloads.at(0)) == "it is 00:00:02");
}

TEST_CASE("images behind a document stay as they are, and subs tells its new size") {
    std::string const document = "<p begin=\"00:00:00\"/>";
    std::string const image = "00:00:00 is no time in here";
    auto stored =
        test::stored_asset({{.id = "v", .timescale = 90'000, .sample = 3'000, .samples = {60}},
                            {.id = "s",
                             .content = Content::text,
                             .timescale = 1'000,
                             .sample = 2'000,
                             .samples = {1},
                             .codecs = "stpp",
                             .payloads = {bytes_of(document + image)}}});
    // the file's traf gets a subs, which moves nothing but the media
    namespace f = test::fmp4;
    auto const subs = f::full_box(
        "subs", 0, 0,
        f::joined({f::number(1, 4), f::number(1, 4), f::number(2, 2), f::number(document.size(), 2),
                   f::number(0, 6), f::number(image.size(), 2), f::number(0, 6)}));
    auto& file = stored.files.at("s/1.m4s");
    auto const place_of = [&](std::string_view type) {
        return std::string_view(reinterpret_cast<char const*>(file.data()), file.size())
                   .find(type) -
               4;
    };
    auto const grow = [&](std::size_t field) {
        std::uint32_t value = 0;
        for (std::size_t i = 0; i < 4; ++i)
            value = value << 8 | file.at(field + i);
        auto const grown = f::number(value + subs.size(), 4);
        std::copy(grown.begin(), grown.end(), file.begin() + static_cast<std::ptrdiff_t>(field));
    };
    grow(place_of("moof"));
    grow(place_of("traf"));
    grow(place_of("trun") + 16); // data_offset
    file.insert(file.begin() + static_cast<std::ptrdiff_t>(place_of("mdat")), subs.begin(),
                subs.end());

    auto const session = test::session_of(stored, "", 40'000);
    auto const bytes = test::served(stored, session, "s/10.m4s");
    auto const segment = test::seen(bytes);
    std::string const moved = "<p begin=\"00:00:20.000\"/>";
    REQUIRE(segment.payloads.size() == 1);
    CHECK(text_of(segment.payloads[0]) == moved + image);
    auto const written = text_of(bytes);
    auto const at = written.find("subs");
    REQUIRE(at != std::string::npos);
    CHECK(static_cast<std::size_t>(written.at(at + 4 + 4 + 4 + 4 + 2 + 1)) == moved.size());
}

} // namespace ttml_shift_test
