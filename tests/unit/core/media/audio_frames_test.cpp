#include "core/media/audio_frames.hpp"
#include "tests/support/hex.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string_view>
#include <vector>

namespace audio_frames_test {

using namespace continuo;
using mpegts::AudioCodec;
using Bytes = std::vector<std::uint8_t>;

std::optional<media::AudioFrame> frame_of(AudioCodec codec, std::string_view hex) {
    auto header = test::bytes_of(hex);
    header.resize(media::audio_header_size, 0);
    return media::audio_frame_at(codec, std::span(header).first<media::audio_header_size>());
}

/// "417 bytes, 1152 samples at 44100 Hz"
std::string text_of(AudioCodec codec, std::string_view hex) {
    auto const frame = frame_of(codec, hex);
    if (!frame) return "none";
    return std::to_string(frame->size) + " bytes, " + std::to_string(frame->samples) +
           " samples at " + std::to_string(frame->rate_hz) + " Hz";
}

/// A frame of 32 bytes, 1024 samples at 48 kHz; its data look like nothing.
Bytes adts_frame() {
    auto frame = test::bytes_of("FF F1 4C 80 04 1F FC");
    frame.resize(32, 0x21);
    return frame;
}

Bytes frames(int count) {
    Bytes bytes;
    for (int i = 0; i < count; ++i) {
        auto const frame = adts_frame();
        bytes.insert(bytes.end(), frame.begin(), frame.end());
    }
    return bytes;
}

TEST_CASE("audio frames: headers of each codec") {
    CHECK(text_of(AudioCodec::aac_adts, "FF F1 4C 80 04 1F FC") ==
          "32 bytes, 1024 samples at 48000 Hz");
    CHECK(text_of(AudioCodec::mpeg, "FF FB 90 00") == "417 bytes, 1152 samples at 44100 Hz");
    CHECK(text_of(AudioCodec::mpeg, "FF FB 92 00") == "418 bytes, 1152 samples at 44100 Hz");
    CHECK(text_of(AudioCodec::mpeg, "FF FD A4 00") == "576 bytes, 1152 samples at 48000 Hz");
    CHECK(text_of(AudioCodec::mpeg, "FF FF 64 00") == "192 bytes, 384 samples at 48000 Hz");
    CHECK(text_of(AudioCodec::mpeg, "FF F3 80 00") == "208 bytes, 576 samples at 22050 Hz");
    CHECK(text_of(AudioCodec::mpeg, "FF E3 18 00") == "72 bytes, 576 samples at 8000 Hz");
    CHECK(text_of(AudioCodec::ac3, "0B 77 0000 14 40") == "768 bytes, 1536 samples at 48000 Hz");
    CHECK(text_of(AudioCodec::ac3, "0B 77 0000 54 40") == "834 bytes, 1536 samples at 44100 Hz");
    CHECK(text_of(AudioCodec::ac3, "0B 77 0000 55 40") == "836 bytes, 1536 samples at 44100 Hz");
    CHECK(text_of(AudioCodec::ac3, "0B 77 0000 94 40") == "1152 bytes, 1536 samples at 32000 Hz");
    CHECK(text_of(AudioCodec::eac3, "0B 77 017F 34 80") == "768 bytes, 1536 samples at 48000 Hz");
    CHECK(text_of(AudioCodec::eac3, "0B 77 007F 04 80") == "256 bytes, 256 samples at 48000 Hz");
    CHECK(text_of(AudioCodec::eac3, "0B 77 00FF D0 80") == "512 bytes, 1536 samples at 22050 Hz");
    // a dependent substream is heard with the frame before it
    CHECK(text_of(AudioCodec::eac3, "0B 77 417F 34 80") == "768 bytes, 0 samples at 48000 Hz");
}

TEST_CASE("audio frames: what is no header") {
    for (auto const* hex : {"FF F1 7C 80 04 1F FC", "FE F1 4C 80 04 1F FC", "FF F1 4C 80 00 1F FC"})
        CHECK_FALSE(frame_of(AudioCodec::aac_adts, hex).has_value());
    for (auto const* hex :
         {"FF EB 90 00", "FF F9 90 00", "FF FB 00 00", "FF FB F0 00", "FF FB 9C 00", "FE FB 90 00"})
        CHECK_FALSE(frame_of(AudioCodec::mpeg, hex).has_value());
    for (auto const* hex : {"0B 77 0000 D4 40", "0B 77 0000 26 40", "0B 76 0000 14 40",
                            "0B 77 C17F 34 80", "0B 77 017F F4 80"})
        CHECK_FALSE(frame_of(AudioCodec::ac3, hex).has_value());
    CHECK_FALSE(frame_of(AudioCodec::aac_latm, "56 E0 00").has_value());
    CHECK_FALSE(frame_of(AudioCodec::opus, "7F E0 00").has_value());
}

TEST_CASE("audio frames: they are counted alike in chunks of any size") {
    auto const bytes = frames(5);
    for (std::size_t chunk = 1; chunk <= bytes.size(); ++chunk) {
        media::AudioFrameCounter counter(AudioCodec::aac_adts);
        for (std::span<std::uint8_t const> rest = bytes; !rest.empty();) {
            auto const part = rest.first(std::min(chunk, rest.size()));
            counter.take(part);
            rest = rest.subspan(part.size());
        }
        CHECK(counter.samples() == 5 * 1024);
        CHECK(counter.rate_hz() == 48'000);
        CHECK(counter.frame_duration() == Ticks90k(1920));
    }
}

TEST_CASE("audio frames: a frame counts once it is whole") {
    auto const bytes = frames(2);
    for (std::size_t size = 0; size <= bytes.size(); ++size) {
        media::AudioFrameCounter counter(AudioCodec::aac_adts);
        counter.take(std::span(bytes).first(size));
        CHECK(counter.samples() == 1024 * (size / 32));
        auto const is_coming = size % 32 >= media::audio_header_size;
        CHECK(counter.samples_begun() == counter.samples() + (is_coming ? 1024 : 0));
    }
}

TEST_CASE("audio frames: bytes between frames are passed over") {
    auto bytes = frames(1);
    bytes.insert(bytes.begin(), 5, 0x47);
    bytes.insert(bytes.end(), 3, 0xFF);
    auto const more = frames(1);
    bytes.insert(bytes.end(), more.begin(), more.end());
    media::AudioFrameCounter counter(AudioCodec::aac_adts);
    counter.take(bytes);
    CHECK(counter.samples() == 2 * 1024);
}

TEST_CASE("audio frames: samples become ticks once, not frame by frame") {
    CHECK(media::duration_of(1024 * 431, 44'100) == Ticks90k(900'702)); // 900702.04
    CHECK(media::duration_of(5, 0) == Ticks90k::zero());
}

} // namespace audio_frames_test
