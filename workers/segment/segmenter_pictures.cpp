// What the segmenter makes of pictures: segments, and what is told of them.
#include "workers/segment/reasons.hpp"
#include "workers/segment/segmenter.hpp"

#include <utility>

namespace continuo::segment {

void Segmenter::on_picture(Picture const& picture) {
    if (ended_) return;
    if (!first_picture_) first_picture_ = picture.pts;
    if (!stretch_start_) stretch_start_ = picture.pts;
    if (is_skipped(picture)) return;
    if (picture.keyframe && !accept_parameters(picture)) return;
    if (rules_.leads) decide_cues(picture);
    if (!segment_) {
        if (!may_begin(picture)) {
            writer_.drop_early();
            return wait_for_keyframe(picture);
        }
        clock_.add(picture.dts);
        open_segment(picture);
    } else {
        clock_.add(picture.dts);
        auto const end = end_in_front_of(picture);
        if (ended_) return;
        if (end) {
            close_at(picture.pts, *end);
            open_segment(picture);
        } else if (picture.keyframe) {
            put(GopOpened{.pts = picture.pts, .media_time = clock_.media_time()});
        }
    }
    if (picture.keyframe) rule_.begin_gop(picture.pts, clock_.media_time());
    segment_->add(picture);
}

void Segmenter::decide_cues(Picture const& picture) {
    auto const is_decided = is_told(picture);
    using Turn = CueResolver::Turn;
    cues_.pass(picture.pts, is_decided ? Turn::passed : Turn::ours);
    if (picture.keyframe) {
        auto opening = cues_.at_keyframe(picture.pts);
        if (is_decided) opening = {};
        auto const decide = [&](std::optional<timeline::Cue> cue) {
            contract::Cut cut{.pts = picture.pts, .cue = std::move(cue)};
            rule_.add_cut(cut);
            put(CutDecided{.cut = std::move(cut)});
        };
        for (auto& cue : opening.cues)
            decide(std::move(cue));
        if (opening.returns && opening.cues.empty()) decide(std::nullopt);
    }
    for (auto& remark : cues_.take_remarks())
        put(CueRemark{std::move(remark)});
}

bool Segmenter::is_skipped(Picture const& picture) const noexcept {
    constexpr auto half_a_frame = PictureClock::usual_length / 2;
    return !segment_ && elapsed(*stretch_start_, picture.pts) + half_a_frame < skip_;
}

/// False when the picture differs from what the run began with: it ends in front of it.
bool Segmenter::accept_parameters(Picture const& picture) {
    if (!picture.parameters) return true;
    auto const is_change = parameters_ && picture.parameters != parameters_;
    if (!parameters_ || (is_change && rules_.by_boundaries)) {
        parameters_ = picture.parameters;
        facts_.video = {.codecs = parameters_->codecs,
                        .width = parameters_->width,
                        .height = parameters_->height};
        parameters_changed_ = is_change;
    }
    if (picture.parameters == parameters_) return true;
    if (segment_) {
        clock_.add(picture.dts);
        close_at(picture.pts, End::input);
    }
    end(Ended::Why::broken, reason_of_change(*parameters_, *picture.parameters));
    return false;
}

bool Segmenter::may_begin(Picture const& picture) {
    if (!picture.keyframe) return false;
    return !is_told(picture) || end_as_told(picture);
}

void Segmenter::wait_for_keyframe(Picture const& picture) {
    auto const limit = rule_.longest_gop() + CutRule::patience;
    if (!rules_.leads || is_told(picture)) return;
    if (elapsed(*stretch_start_, picture.pts) < skip_ + limit) return;
    end(Ended::Why::unusable, reason_without_keyframe(limit, rule_.target_duration()));
}

/// Whether and how the open segment ends there.
std::optional<contract::SegmentEnd> Segmenter::end_in_front_of(Picture const& picture) {
    Place const place{.picture = picture,
                      .media_time = clock_.media_time(),
                      .picture_length = clock_.picture_length(),
                      .length = segment_->length_to(picture.pts)};
    if (rules_.leads && !(rule_.has_grid() && grid_is_told_)) look_for_grid(place);
    if (ended_) return std::nullopt;
    if (is_told(picture)) return end_as_told(picture);
    if (parameters_changed_) return End::cut;
    auto const verdict = rule_.at(place);
    if (verdict.decided) put(CutDecided{.cut = *verdict.decided, .keyframe = picture.keyframe});
    return verdict.end;
}

bool Segmenter::is_told(Picture const& picture) const {
    if (!rules_.by_boundaries) return false;
    return !rules_.leads || boundaries_.covers(picture.pts, tolerance());
}

/// How much earlier than its boundary a picture may be: variants round their times.
Ticks90k Segmenter::tolerance() const {
    return facts_.audio_leads ? Ticks90k::zero() : clock_.picture_length() / 2;
}

std::optional<contract::SegmentEnd> Segmenter::end_as_told(Picture const& picture) {
    auto const length = segment_ ? segment_->length_to(picture.pts) : Ticks90k::zero();
    told_ =
        boundaries_.opened_by({.pts = picture.pts,
                               .random_access = picture.keyframe,
                               .length = clock_.picture_length(),
                               .fills_its_segment = rule_.is_full(length, clock_.picture_length())},
                              tolerance());
    // one that begins in the middle of a stretch has seen its discontinuity pass
    if (!told_ && !boundaries_.begins_stretch()) next_is_discontinuity_ = false;
    if (!told_) return std::nullopt;
    if (!picture.keyframe) return End::overlong;
    return told_->cues.empty() ? End::grid : End::cut;
}

void Segmenter::look_for_grid(Place const& place) {
    auto const search = rule_.look_for_grid(place);
    if (auto const* const found = std::get_if<CutRule::Found>(&search)) {
        tell_grid(found->first_gop);
    } else if (auto const* const unusable = std::get_if<CutRule::Unusable>(&search)) {
        end(Ended::Why::unusable, unusable->reason);
    }
}

void Segmenter::tell_grid(Ticks90k first_gop) {
    contract::RunInfo info{.grid = rule_.grid().value_or(timeline::Grid{.period = first_gop}),
                           .first_gop = first_gop,
                           .video = facts_.video,
                           .audio_codecs = writer_.audio_codecs(),
                           .cut_off = {}};
    if (!facts_.audio_leads) info.video.frame_rate = segment_->rate_to(clock_.media_time());
    if (rules_.by_boundaries) info.target_duration_s = whole_seconds(rule_.target_duration());
    grid_is_told_ = true;
    put(GridFound{std::move(info)});
}

void Segmenter::open_segment(Picture const& picture) {
    contract::SegmentLine line;
    line.start = picture.pts;
    line.keyframe = picture.keyframe;
    line.discontinuity = std::exchange(next_is_discontinuity_, false);
    line.video = facts_.video;
    line.cues = rule_.open_segment(picture.pts);
    if (auto told = std::exchange(told_, std::nullopt)) {
        line.boundary = told->pts;
        line.cues = std::move(told->cues);
    } else if (rules_.by_boundaries) {
        put(BoundaryDecided{
            {.pts = picture.pts, .overlong = !picture.keyframe, .cues = line.cues}});
    }
    put(SegmentOpened{.start = picture.pts, .cues = line.cues});
    put(GopOpened{.pts = picture.pts,
                  .media_time = clock_.media_time(),
                  .keyframe = picture.keyframe,
                  .opens_segment = true});
    segment_.emplace(std::move(line), clock_.media_time());
    auto const tables = map_.next_tables();
    output_->bytes.insert(output_->bytes.end(), tables.begin(), tables.end());
}

void Segmenter::close_segment(Ticks90k media_time, Ticks90k duration, End end) {
    facts_.audio_codecs = writer_.audio_codecs();
    auto [line, jumped] = segment_->close(media_time, duration, facts_);
    line.end = end;
    next_is_discontinuity_ = jumped || std::exchange(parameters_changed_, false);
    put(SegmentClosed{std::move(line)});
    segment_.reset();
}

void Segmenter::close_at(Ticks90k next_start, End end) {
    close_segment(clock_.media_time(), segment_->length_to(next_start), end);
}

void Segmenter::close_tail(End end) {
    auto const last_unit = last_unit_length();
    close_segment(clock_.media_time() + last_unit, segment_->last_picture() + last_unit, end);
}

/// An input of a single GOP is told of when it is known to be one.
void Segmenter::close_input() {
    if (rules_.leads && rules_.by_boundaries && !rule_.has_grid()) {
        rule_.settle_for(segment_->last_picture());
        tell_grid(segment_->last_picture() + last_unit_length());
    }
    close_tail(End::input);
}

/// Pictures are all alike; of sound there may be less in the last unit.
Ticks90k Segmenter::last_unit_length() const noexcept {
    auto const counted = facts_.audio_leads && map_.streams()
                             ? writer_.sound_length(*map_.streams())
                             : Ticks90k::zero();
    return counted > Ticks90k::zero() ? counted : clock_.picture_length();
}

} // namespace continuo::segment
