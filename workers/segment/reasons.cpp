#include "workers/segment/reasons.hpp"

#include <fmt/format.h>

#include <cmath>

namespace continuo::segment {
namespace {

std::string text_of(mpegts::VideoParameters const& video) {
    return fmt::format("{}x{} {}", video.width, video.height, video.codecs);
}

} // namespace

int whole_seconds(Ticks90k time) {
    return static_cast<int>(std::ceil(seconds_of(time)));
}

std::string reason_of(LongGop const& refused) {
    return fmt::format("source GOP {:.1f} s is longer than target_duration {} s: set "
                       "target_duration: {}s for this channel",
                       seconds_of(refused.gop), whole_seconds(refused.target_duration),
                       whole_seconds(refused.admitting));
}

std::string reason_of_endless_gop(Ticks90k waited, Ticks90k target_duration) {
    return fmt::format("source GOP is longer than {:.1f} s, target_duration is {} s: set a longer "
                       "target_duration for this channel, at least its distance of keyframes",
                       seconds_of(waited), whole_seconds(target_duration));
}

std::string reason_without_keyframe(Ticks90k waited, Ticks90k target_duration) {
    return fmt::format("no keyframe in the first {:.1f} s, target_duration is {} s: set a longer "
                       "target_duration for this channel, if its keyframes are that far apart",
                       seconds_of(waited), whole_seconds(target_duration));
}

std::string reason_of(TimeBreak const& broken) {
    auto const from = seconds_of(broken.from);
    auto const to = seconds_of(broken.to);
    if (!broken.squashed) {
        return fmt::format("the source's time went back from {:.3f} s to {:.3f} s", from, to);
    }
    return fmt::format("the source's time went back after {:.3f} s: pictures follow each other by "
                       "single ticks up to {:.3f} s",
                       from, to);
}

std::string reason_of_change(mpegts::VideoParameters const& from,
                             mpegts::VideoParameters const& to) {
    return fmt::format("the source's picture changed: {} -> {}", text_of(from), text_of(to));
}

} // namespace continuo::segment
