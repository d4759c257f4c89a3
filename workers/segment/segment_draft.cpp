#include "workers/segment/segment_draft.hpp"

#include "workers/segment/picture_clock.hpp"

#include <algorithm>

namespace continuo::segment {

void SegmentDraft::add(Picture const& picture) {
    last_picture_ = std::max(last_picture_, length_to(picture.pts));
    ++pictures_;
}

double SegmentDraft::rate_to(Ticks90k media_time) const noexcept {
    auto const span = media_time - media_time_;
    return span > Ticks90k::zero() ? pictures_ / seconds_of(span) : 0.0;
}

SegmentDraft::Closed SegmentDraft::close(Ticks90k media_time, Ticks90k duration,
                                         MediaFacts const& facts) const {
    auto const span = media_time - media_time_;
    Closed closed{.line = line_,
                  .jumped = std::chrono::abs(duration - span) > PictureClock::max_drift};
    auto& line = closed.line;
    line.duration = closed.jumped || duration <= Ticks90k::zero() ? span : duration;
    if (line.video.codecs.empty()) line.video = facts.video;
    line.video.frame_rate = facts.audio_leads ? 0 : rate_to(media_time);
    line.audio_codecs = facts.audio_codecs;
    return closed;
}

} // namespace continuo::segment
