// How long pictures last, from their decoding times: the measure behind durations, frame rates and
// pacing.
#pragma once

#include "core/base/ticks.hpp"

#include <array>
#include <cstddef>
#include <optional>

namespace continuo::segment {

/// Runs along the pictures of one run in decoding order, over the clock's wrap and over jumps.
class PictureClock {
public:
    static constexpr Ticks90k jump{
        90'000}; ///< a longer step that is also unusual is no picture's length
    /// What PTS and the pictures' own lengths may differ by in a segment or GOP before it is a
    /// jump.
    static constexpr Ticks90k max_drift{90'000};
    static constexpr Ticks90k usual_length{3'600}; ///< taken while a single picture tells nothing

    /// The next picture's DTS, 33 bit.
    void add(Ticks90k dts) noexcept;

    /// What follows has other times: it begins where the latest picture ends.
    void begin_anew() noexcept;

    /// Since the first picture, up to the beginning of the latest; a jump counts as one picture's
    /// length.
    Ticks90k media_time() const noexcept { return media_time_; }

    /// What `media_time` will be with a picture of this DTS.
    Ticks90k media_time_at(Ticks90k dts) const noexcept;

    /// The median of the latest steps.
    Ticks90k picture_length() const noexcept;

private:
    bool is_length(Ticks90k step) const noexcept;

    std::optional<Ticks90k> latest_;
    Ticks90k media_time_{};
    std::array<Ticks90k, 32> steps_{};
    std::size_t count_{};
};

} // namespace continuo::segment
