#include "core/media/audio_frames.hpp"

#include "core/mp4/media_time.hpp"
#include "core/mpegts/adts.hpp"

#include <algorithm>

namespace continuo::media {
namespace {

using Header = std::span<std::uint8_t const, audio_header_size>;

std::optional<AudioFrame> adts_frame(Header header) noexcept {
    static_assert(audio_header_size >= mpegts::adts_header_size);
    auto const frame = mpegts::parse_adts_frame(header);
    if (!frame) return std::nullopt;
    return AudioFrame{.size = frame->size,
                      .samples = frame->samples,
                      .rate_hz = static_cast<std::uint32_t>(frame->rate)};
}

/// Bit rates in kbit/s by their index 1 to 14.
using Rates = std::array<unsigned, 14>;
constexpr Rates mpeg1_layer1{32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448};
constexpr Rates mpeg1_layer2{32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384};
constexpr Rates mpeg1_layer3{32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320};
constexpr Rates mpeg2_layer1{32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256};
constexpr Rates mpeg2_layer23{8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160};

Rates const& mpeg_rates(bool is_mpeg1, unsigned layer) noexcept {
    if (is_mpeg1) return layer == 1 ? mpeg1_layer1 : layer == 2 ? mpeg1_layer2 : mpeg1_layer3;
    return layer == 1 ? mpeg2_layer1 : mpeg2_layer23;
}

std::optional<AudioFrame> mpeg_frame(Header header) noexcept {
    constexpr std::array<std::uint32_t, 3> mpeg1_frequencies{44'100, 48'000, 32'000};
    if (header[0] != 0xFF || (header[1] & 0xE0) != 0xE0) return std::nullopt;
    unsigned const version = header[1] >> 3 & 3; // 3: MPEG-1, 2: MPEG-2, 0: MPEG-2.5
    unsigned const layer = 4 - (header[1] >> 1 & 3);
    unsigned const rate = header[2] >> 4;
    unsigned const frequency = header[2] >> 2 & 3;
    if (version == 1 || layer == 4 || rate == 0 || rate == 15 || frequency == 3)
        return std::nullopt;
    bool const is_mpeg1 = version == 3;
    auto const halvings = is_mpeg1 ? 0U : version == 2 ? 1U : 2U;
    AudioFrame frame;
    frame.rate_hz = mpeg1_frequencies[frequency] >> halvings;
    frame.samples = layer == 1 ? 384 : layer == 3 && !is_mpeg1 ? 576 : 1152;
    auto const bits_per_second = mpeg_rates(is_mpeg1, layer)[rate - 1] * 1000;
    auto const slot = layer == 1 ? 4U : 1U; // bytes
    auto const slots =
        static_cast<std::size_t>(frame.samples / 8 / slot * bits_per_second / frame.rate_hz);
    unsigned const padding = header[2] >> 1 & 1;
    frame.size = (slots + padding) * slot;
    return frame;
}

std::optional<AudioFrame> ac3_frame(Header header) noexcept {
    constexpr std::array<unsigned, 19> kbit_rates{32,  40,  48,  56,  64,  80,  96,  112, 128, 160,
                                                  192, 224, 256, 320, 384, 448, 512, 576, 640};
    constexpr std::array<std::uint32_t, 3> frequencies{48'000, 44'100, 32'000};
    constexpr std::uint64_t samples = 1536;
    unsigned const frequency = header[4] >> 6;
    unsigned const size_code = header[4] & 0x3F;
    if (frequency >= frequencies.size() || size_code / 2 >= kbit_rates.size()) return std::nullopt;
    auto const words = kbit_rates[size_code / 2] * 1000 * samples / 16 / frequencies[frequency];
    auto const extra = frequency == 1 ? size_code & 1U : 0U; // 44.1 kHz doesn't go up
    return AudioFrame{.size = static_cast<std::size_t>(2 * (words + extra)),
                      .samples = samples,
                      .rate_hz = frequencies[frequency]};
}

std::optional<AudioFrame> eac3_frame(Header header) noexcept {
    constexpr std::array<std::uint32_t, 3> frequencies{48'000, 44'100, 32'000};
    constexpr std::array<std::uint64_t, 4> blocks{1, 2, 3, 6};
    constexpr std::uint64_t block_samples = 256;
    unsigned const stream_type = header[2] >> 6;
    unsigned const frequency = header[4] >> 6;
    unsigned const code = header[4] >> 4 & 3; // fscod2 where fscod is 3, else numblkscod
    bool const is_reduced = frequency == 3;
    if (stream_type == 3 || (is_reduced && code == 3)) return std::nullopt;
    AudioFrame frame;
    frame.size = 2 * (((header[2] & 7U) << 8 | header[3]) + 1U);
    frame.rate_hz = is_reduced ? frequencies[code] / 2 : frequencies[frequency];
    bool const is_dependent = stream_type == 1;
    if (!is_dependent) frame.samples = block_samples * (is_reduced ? 6 : blocks[code]);
    return frame;
}

std::optional<AudioFrame> dolby_frame(Header header) noexcept {
    constexpr unsigned last_ac3 = 10; // bsid
    if (header[0] != 0x0B || header[1] != 0x77) return std::nullopt;
    unsigned const stream_id = header[5] >> 3;
    return stream_id <= last_ac3 ? ac3_frame(header) : eac3_frame(header);
}

} // namespace

std::optional<AudioFrame> audio_frame_at(mpegts::AudioCodec codec, Header header) noexcept {
    switch (codec) {
    case mpegts::AudioCodec::aac_adts: return adts_frame(header);
    case mpegts::AudioCodec::mpeg: return mpeg_frame(header);
    case mpegts::AudioCodec::ac3:
    case mpegts::AudioCodec::eac3: return dolby_frame(header);
    case mpegts::AudioCodec::aac_latm:
    case mpegts::AudioCodec::opus: return std::nullopt;
    }
    return std::nullopt;
}

void AudioFrameCounter::take(std::span<std::uint8_t const> bytes) noexcept {
    while (!bytes.empty()) {
        if (left_ > 0) {
            auto const taken = std::min(left_, bytes.size());
            bytes = bytes.subspan(taken);
            left_ -= taken;
            if (left_ > 0) return;
            samples_ += frame_.samples;
            rate_hz_ = frame_.rate_hz;
            usual_samples_ = std::max(usual_samples_, frame_.samples);
            continue;
        }
        header_[header_bytes_++] = bytes.front();
        bytes = bytes.subspan(1);
        if (header_bytes_ < header_.size()) continue;
        auto const frame = audio_frame_at(codec_, header_);
        if (frame && frame->size > header_.size()) {
            frame_ = *frame;
            left_ = frame->size - header_.size();
            header_bytes_ = 0;
        } else {
            std::shift_left(header_.begin(), header_.end(), 1);
            --header_bytes_;
        }
    }
}

Ticks90k AudioFrameCounter::frame_duration() const noexcept {
    return duration_of(usual_samples_, rate_hz_);
}

Ticks90k duration_of(std::uint64_t samples, std::uint32_t rate_hz) noexcept {
    if (rate_hz == 0) return Ticks90k::zero();
    return mp4::ticks_of(static_cast<std::int64_t>(samples), rate_hz);
}

} // namespace continuo::media
