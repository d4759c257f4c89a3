#include "core/media/id3_tag.hpp"
#include "core/media/segment_facts.hpp"
#include "tests/support/hex.hpp"

#include <doctest/doctest.h>

#include <string_view>
#include <vector>

namespace packed_facts_test {

using namespace continuo;
using namespace std::string_view_literals;
using Bytes = std::vector<std::uint8_t>;

Bytes joined(std::initializer_list<Bytes> parts) {
    Bytes whole;
    for (auto const& part : parts)
        whole.insert(whole.end(), part.begin(), part.end());
    return whole;
}

Bytes bytes_of_text(std::string_view text) {
    return {text.begin(), text.end()};
}

/// An ID3 tag whose only frame is the time.
Bytes tag(std::string_view time_hex) {
    auto const owner = bytes_of_text("com.apple.streaming.transportStreamTimestamp\0"sv);
    auto const frame =
        joined({test::bytes_of("50524956 00000035 0000"), owner, test::bytes_of(time_hex)});
    return joined({test::bytes_of("494433 0400 00 0000003F"), frame});
}

/// 32 bytes each, 1024 samples at 44.1 kHz.
Bytes adts(int count) {
    Bytes bytes;
    for (int i = 0; i < count; ++i) {
        auto frame = test::bytes_of("FF F1 50 80 04 1F FC");
        frame.resize(32, 0x21);
        bytes.insert(bytes.end(), frame.begin(), frame.end());
    }
    return bytes;
}

media::Container container_of(std::string_view text) {
    return media::container_of(bytes_of_text(text));
}

TEST_CASE("segment facts: packed audio lasts as long as its frames, from the time of its tag") {
    auto const facts = media::segment_facts(joined({tag("00000000 00015F90"), adts(431)})).value();
    CHECK(facts.container == media::Container::packed_audio);
    CHECK(facts.start == Ticks90k(90'000));
    CHECK(facts.begin == Ticks90k(90'000));
    CHECK(facts.timescale == 44'100);
    CHECK(facts.begin_units == 44'100);
    CHECK(facts.duration_units == 431 * 1024);
    CHECK(facts.duration == Ticks90k(900'702));
    CHECK(facts.frame == Ticks90k(2'090));
    CHECK(facts.audio_codecs == "mp4a.40.2");
    CHECK_FALSE(facts.starts_with_keyframe.has_value());
}

TEST_CASE("segment facts: packed audio without its tag has a length and no time") {
    auto const facts = media::segment_facts(adts(10)).value();
    CHECK_FALSE(facts.begin.has_value());
    CHECK(facts.duration_units == 10 * 1024);
    CHECK_FALSE(media::segment_facts(tag("00000000 00000001")).value().duration.count());
}

TEST_CASE("segment facts: packed MP3 and AC-3") {
    auto mp3 = test::bytes_of("FF FB 90 00");
    mp3.resize(417, 0);
    auto const layer3 = media::segment_facts(joined({tag("0000000000000000"), mp3, mp3})).value();
    CHECK(layer3.duration_units == 2 * 1152);
    CHECK(layer3.audio_codecs == "mp4a.40.34");
    auto ac3 = test::bytes_of("0B 77 0000 14 40 00");
    ac3.resize(768, 0);
    auto const dolby = media::segment_facts(joined({ac3, ac3})).value();
    CHECK(dolby.duration_units == 2 * 1536);
    CHECK(dolby.audio_codecs == "ac-3");
    auto eac3 = test::bytes_of("0B 77 017F 34 80 00");
    eac3.resize(768, 0);
    CHECK(media::segment_facts(eac3).value().audio_codecs == "ec-3");
}

TEST_CASE("ID3 tag: its size counts seven bits a byte, header and footer") {
    auto const whole = tag("00000001 FFFFFFFF");
    auto const parsed = media::parse_id3_tag(whole).value();
    CHECK(parsed.size == whole.size());
    CHECK(parsed.time == clock_turn - Ticks90k(1));
    auto const other = joined({test::bytes_of("494433 0400 10 00000102"), Bytes(130 + 10, 0)});
    CHECK(media::parse_id3_tag(other)->size == 150);
    CHECK_FALSE(media::parse_id3_tag(other)->time.has_value());
}

TEST_CASE("ID3 tag: a part of one is none") {
    auto const whole = tag("00000000 00000001");
    for (std::size_t size = 0; size < whole.size(); ++size)
        CHECK_FALSE(media::parse_id3_tag(std::span(whole).first(size)).has_value());
    auto torn = whole; // the time ends behind the tag's end
    torn[9] -= 1;
    CHECK_FALSE(media::parse_id3_tag(torn)->time.has_value());
}

TEST_CASE("container: told from the first bytes") {
    using enum media::Container;
    CHECK(container_of("\0\0\0\x18styp"sv) == fragmented_mp4);
    CHECK(container_of("\0\0\0\x18moof"sv) == fragmented_mp4);
    CHECK(container_of("\0\0\0\x18"sv) == unknown);
    CHECK(container_of("WEBVTT\n") == webvtt);
    CHECK(container_of("\xEF\xBB\xBFWEBVTT") == webvtt);
    CHECK(container_of("ID3\4") == packed_audio);
    CHECK(container_of("\xFF\xF1") == packed_audio);
    CHECK(container_of("\x0B\x77") == packed_audio);
    CHECK(container_of("<html>") == unknown);
    CHECK(container_of("") == unknown);
    CHECK(container_of("G") == transport_stream);
    CHECK(container_of(std::string(189, 'G')) == transport_stream);
    CHECK(container_of("G" + std::string(188, 'x')) == unknown);
}

TEST_CASE("segment facts: WebVTT and what is unknown are named, and have no times") {
    for (auto const* text : {"WEBVTT\n\n00:00.000 --> 00:01.000\nHello\n", "<html>", ""}) {
        auto const facts = media::segment_facts(bytes_of_text(text)).value();
        CHECK_FALSE(facts.begin.has_value());
        CHECK(facts.duration == Ticks90k::zero());
    }
}

} // namespace packed_facts_test
