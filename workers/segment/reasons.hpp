// Why a run ended, in the words that an operator reads; each names the setting or the times that
// matter.
#pragma once

#include "core/base/ticks.hpp"
#include "core/mpegts/video.hpp"
#include "workers/segment/picture_gate.hpp"

#include <string>

namespace continuo::segment {

/// Rounded up, as target_duration counts.
int whole_seconds(Ticks90k time);

/// `target_duration`: the one that would admit the source.
struct LongGop {
    Ticks90k gop{};
    Ticks90k target_duration{};
    Ticks90k admitting{};
};
std::string reason_of(LongGop const& refused);

/// No second keyframe came within `waited`.
std::string reason_of_endless_gop(Ticks90k waited, Ticks90k target_duration);
/// No first keyframe came within `waited`.
std::string reason_without_keyframe(Ticks90k waited, Ticks90k target_duration);

std::string reason_of(TimeBreak const& broken);
std::string reason_of_change(mpegts::VideoParameters const& from,
                             mpegts::VideoParameters const& to);

} // namespace continuo::segment
