// Sound counted in frames: how long it lasts whatever the packets say, which carry several frames
// each and say of the last no more than when it begins.
#pragma once

#include "core/base/ticks.hpp"
#include "core/mpegts/audio.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace continuo::media {

struct AudioFrame {
    std::size_t size{};      ///< bytes, with the header
    std::uint64_t samples{}; ///< of each channel; 0 where they belong to the frame before
    std::uint32_t rate_hz{};
};

inline constexpr std::size_t audio_header_size = 7; ///< bytes that tell a frame of any codec

/// The frame that `header` begins with; nothing where none does, and for codecs whose frames don't
/// tell (LATM, Opus).
/// Spec: ISO/IEC 13818-7 §6.2 (ADTS), ISO/IEC 11172-3 §2.4.2.3 and 13818-3 (MPEG audio),
/// ETSI TS 102 366 §4.4.1 and §E.1.3.1 (AC-3, E-AC-3).
std::optional<AudioFrame>
audio_frame_at(mpegts::AudioCodec codec,
               std::span<std::uint8_t const, audio_header_size> header) noexcept;

/// Counts the samples of an elementary stream that comes in any chunks. Bytes between frames are
/// passed over; a frame counts once it is whole.
class AudioFrameCounter {
public:
    explicit AudioFrameCounter(mpegts::AudioCodec codec) noexcept : codec_(codec) {}

    void take(std::span<std::uint8_t const> bytes) noexcept;

    std::uint64_t samples() const noexcept { return samples_; }
    /// With those of the frame that is coming.
    std::uint64_t samples_begun() const noexcept {
        return samples_ + (left_ > 0 ? frame_.samples : 0);
    }
    /// Of the newest frame; 0 before the first one.
    std::uint32_t rate_hz() const noexcept { return rate_hz_; }
    /// Of one frame; zero before the first one.
    Ticks90k frame_duration() const noexcept;

private:
    mpegts::AudioCodec codec_;
    std::array<std::uint8_t, audio_header_size> header_{}; ///< what came of the next one
    std::size_t header_bytes_{};
    std::size_t left_{}; ///< bytes of the frame that is coming
    AudioFrame frame_{};
    std::uint64_t samples_{};
    std::uint32_t rate_hz_{};
    std::uint64_t usual_samples_{};
};

/// How long `samples` last, rounded to the nearest tick; zero where the rate is.
Ticks90k duration_of(std::uint64_t samples, std::uint32_t rate_hz) noexcept;

} // namespace continuo::media
