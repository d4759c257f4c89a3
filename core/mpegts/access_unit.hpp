// Whether a video access unit is a keyframe, told from its first bytes as they come: the same test
// in every segmenter.
#pragma once

#include "core/mpegts/video.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace continuo::mpegts {

enum class Verdict : std::uint8_t { undecided, keyframe, other };

/// Looks at one access unit after the other; for each: `begin`, then `feed` until it is decided,
/// else `finish`. Keyframe: H.264 IDR or recovery point SEI, HEVC IRAP, MPEG-2 I picture, or the
/// random access indicator with any of them. It is decided when the first coded slice begins,
/// because only then have the parameter sets in front of it been seen.
class AccessUnitClassifier {
public:
    static constexpr std::size_t max_bytes =
        64 * 1024; ///< looked at; without a slice in them the indicator alone decides

    explicit AccessUnitClassifier(VideoCodec codec) noexcept : codec_(codec) {}

    /// `random_access`: the indicator of the packet in which the access unit begins.
    void begin(bool random_access);
    /// `bytes`: the next ones of the elementary stream, in any chunks. Returns what is known by
    /// now.
    Verdict feed(std::span<std::uint8_t const> bytes);
    /// The access unit has no more bytes: never undecided.
    Verdict finish();

    Verdict verdict() const noexcept { return verdict_; }
    /// From the parameter sets in front of a keyframe; nothing when it brought none (or none that
    /// makes sense).
    std::optional<VideoParameters> const& parameters() const noexcept { return parameters_; }

private:
    void look_for_slice();
    void decide(bool intra, std::size_t slice_offset);
    bool has_recovery_point(std::size_t end) const;
    std::optional<VideoParameters> parameters_before(std::size_t end) const;

    VideoCodec codec_;
    bool random_access_{false};
    Verdict verdict_{Verdict::undecided};
    std::vector<std::uint8_t> bytes_;
    std::size_t searched_{}; ///< no start code begins before
    std::optional<VideoParameters> parameters_;
};

} // namespace continuo::mpegts
