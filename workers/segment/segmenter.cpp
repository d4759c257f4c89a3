#include "workers/segment/segmenter.hpp"

#include "workers/segment/reasons.hpp"

#include <algorithm>
#include <utility>

namespace continuo::segment {
namespace {

constexpr Ticks90k second{90'000};
/// The clock and the pictures' own length may differ by so much before it is a jump.
constexpr Ticks90k max_drift = second;
/// Beyond the target duration, while waiting for the first keyframes.
constexpr Ticks90k patience = second;
constexpr Ticks90k cut_memory = 3600 * second;
/// A segment that is longer than the target duration by more would be listed as a second longer.
constexpr Ticks90k rounding = second * 4 / 10;

double rate_of(unsigned pictures, Ticks90k span) {
    return span > Ticks90k::zero() ? pictures / seconds_of(span) : 0.0;
}

} // namespace

Segmenter::Segmenter(Rules rules) : rules_(std::move(rules)) {}

void Segmenter::add_cut(contract::Cut const& cut) {
    cuts_.insert(cut.pts);
    if (cut.overlong) overlong_cuts_.insert(cut.pts);
}

void Segmenter::feed(std::span<std::uint8_t const> bytes, Output& output) {
    output_ = &output;
    packetizer_.feed(bytes, [this](mpegts::PacketBytes packet) { take(packet); });
    output_ = nullptr;
}

void Segmenter::finish(Output& output) {
    output_ = &output;
    packetizer_.finish([this](mpegts::PacketBytes packet) { take(packet); });
    if (!ended_ && gate_) gate_->finish();
    if (!ended_ && segment_) close_tail();
    if (!ended_ && rules_.leads && !first_picture_ && start_watch_.has_seen_time()) {
        end(Ended::Why::unusable, map_.problem());
    }
    output_ = nullptr;
}

std::optional<Ticks90k> Segmenter::media_time() const noexcept {
    if (!first_picture_) return std::nullopt;
    return clock_.media_time();
}

void Segmenter::take(mpegts::PacketBytes bytes) {
    if (ended_) return;
    auto const packet = mpegts::parse_packet(bytes);
    if (!packet || packet->damaged) return;
    if (!first_picture_) {
        start_watch_.take(*packet);
        if (rules_.leads && start_watch_.is_over()) {
            return end(Ended::Why::unusable, map_.problem());
        }
    }
    if (map_.take(*packet)) {
        if (!map_.change().empty()) {
            gate_->finish();
            end(Ended::Why::broken, map_.change());
        }
        return;
    }
    auto const& streams = map_.streams();
    if (!streams || !streams->keep(packet->pid)) return;
    if (!gate_) {
        PictureGate::Receiver& receiver = *this;
        gate_.emplace(streams->video_pid, streams->video_codec, receiver);
    }
    if (auto const broken = gate_->take(*packet, bytes))
        end(Ended::Why::broken, reason_of(*broken));
}

void Segmenter::on_picture(Picture const& picture) {
    if (ended_) return;
    if (!first_picture_) first_picture_ = picture.pts;
    if (is_skipped(picture)) return;
    if (picture.keyframe && !accept_parameters(picture)) return;
    if (!segment_) {
        if (!picture.keyframe) return wait_for_keyframe(picture);
        clock_.add(picture.dts);
        open_segment(picture);
    } else {
        clock_.add(picture.dts);
        auto const end = boundary_at(picture);
        if (ended_) return;
        if (end) {
            close_at(picture.pts, *end);
            open_segment(picture);
        } else if (picture.keyframe) {
            put(GopOpened{.pts = picture.pts, .media_time = clock_.media_time()});
        }
    }
    if (picture.keyframe) remember_gop(picture);
    segment_->last = std::max(segment_->last, elapsed(segment_->line.start, picture.pts));
    ++segment_->pictures;
}

void Segmenter::on_packet(mpegts::PacketBytes bytes) {
    if (ended_ || !segment_) return;
    auto const packet = mpegts::parse_packet(bytes);
    auto const counter = counters_.next(*packet, bytes);
    if (!counter) return;
    auto const& streams = *map_.streams();
    if (packet->payload_unit_start && packet->pid == streams.audio_pid) {
        auto const header = mpegts::parse_pes_header(packet->payload);
        if (header && header->pts) {
            put(AudioStarted{.pid = packet->pid, .pts = *header->pts});
            if (audio_codecs_.empty()) {
                audio_codecs_ = mpegts::codecs_of(streams.audio_codec,
                                                  packet->payload.subspan(header->payload_offset));
            }
        }
    }
    auto const at = output_->bytes.size();
    output_->bytes.insert(output_->bytes.end(), bytes.begin(), bytes.end());
    mpegts::set_continuity_counter(
        mpegts::MutablePacketBytes(output_->bytes.data() + at, mpegts::packet_size), *counter);
}

bool Segmenter::is_skipped(Picture const& picture) const noexcept {
    constexpr auto half_a_frame = PictureClock::usual_length / 2;
    return !segment_ && elapsed(*first_picture_, picture.pts) + half_a_frame < skip_;
}

/// False when the picture differs from what the run began with: it ends in front of it.
bool Segmenter::accept_parameters(Picture const& picture) {
    if (!picture.parameters) return true;
    if (!parameters_) {
        parameters_ = picture.parameters;
        video_ = {.codecs = parameters_->codecs,
                  .width = parameters_->width,
                  .height = parameters_->height};
    }
    if (picture.parameters == parameters_) return true;
    if (segment_) {
        clock_.add(picture.dts);
        close_at(picture.pts, End::input);
    }
    end(Ended::Why::broken, reason_of_change(*parameters_, *picture.parameters));
    return false;
}

void Segmenter::wait_for_keyframe(Picture const& picture) {
    auto const limit = rules_.target_duration + patience;
    if (!rules_.leads || elapsed(*first_picture_, picture.pts) < skip_ + limit) return;
    end(Ended::Why::unusable, reason_without_keyframe(limit, rules_.target_duration));
}

void Segmenter::find_grid(Picture const& picture) {
    auto const gop = clock_.media_time() - keyframe_media_time_;
    auto const target = rules_.target_duration;
    if (!picture.keyframe) {
        if (gop < target + patience) return;
        return end(Ended::Why::unusable, reason_of_endless_gop(target + patience, target));
    }
    // a GOP is too long when a picture of it lies at the target duration or beyond
    auto const last_picture = gop - clock_.picture_length();
    if (last_picture >= target) {
        return end(Ended::Why::unusable,
                   reason_of(LongGop{.gop = gop,
                                     .target_duration = target,
                                     .admitting = last_picture + Ticks90k(1)}));
    }
    auto const by_clock = elapsed(*keyframe_, picture.pts);
    if (std::chrono::abs(by_clock - gop) > max_drift) return; // it jumped: the next GOP will tell
    rules_.grid = timeline::grid_of(*keyframe_, picture.pts, rules_.segment_time);
    video_.frame_rate = rate_of(segment_->pictures, clock_.media_time() - segment_->media_time);
    put(GridFound{{.grid = *rules_.grid,
                   .first_gop = by_clock,
                   .video = video_,
                   .audio_codecs = audio_codecs_,
                   .cut_off = {}}});
}

std::optional<contract::SegmentEnd> Segmenter::boundary_at(Picture const& picture) {
    if (!rules_.grid) find_grid(picture);
    if (!rules_.grid) return std::nullopt;
    return picture.keyframe ? boundary_at_keyframe(picture) : boundary_without_keyframe(picture);
}

std::optional<contract::SegmentEnd> Segmenter::boundary_at_keyframe(Picture const& picture) {
    if (cuts_.contains(picture.pts)) return End::cut;
    if (timeline::opens_segment(*rules_.grid, keyframe_, picture.pts, cuts_)) return End::grid;
    if (!rules_.leads) return std::nullopt;
    if (rules_.short_first && is_in_first_segment_) {
        decide_cut(picture);
        return End::cut;
    }
    // an irregular source: another GOP like the longest of late would make the segment too long
    auto const expected = std::max(clock_.media_time() - keyframe_media_time_,
                                   *std::max_element(gops_.begin(), gops_.end()));
    auto const length = elapsed(segment_->line.start, picture.pts);
    if (length + expected < rules_.target_duration + clock_.picture_length()) return std::nullopt;
    decide_cut(picture);
    return End::cut;
}

std::optional<contract::SegmentEnd> Segmenter::boundary_without_keyframe(Picture const& picture) {
    if (overlong_cuts_.contains(picture.pts)) return End::overlong;
    if (!rules_.leads) return std::nullopt;
    // at low frame rates the next picture would come too late
    auto const length = elapsed(segment_->line.start, picture.pts);
    auto const limit = rules_.target_duration;
    if (length < limit && length + clock_.picture_length() <= limit + rounding) return std::nullopt;
    decide_cut(picture);
    return End::overlong;
}

void Segmenter::decide_cut(Picture const& picture) {
    contract::Cut const cut{.pts = picture.pts, .overlong = true};
    add_cut(cut);
    put(CutDecided{.cut = cut, .keyframe = picture.keyframe});
}

void Segmenter::remember_gop(Picture const& picture) {
    if (keyframe_) gops_[gop_count_++ % gops_.size()] = clock_.media_time() - keyframe_media_time_;
    keyframe_ = picture.pts;
    keyframe_media_time_ = clock_.media_time();
}

void Segmenter::open_segment(Picture const& picture) {
    // the clock comes round, and then the same number would mean another place
    auto const is_past = [&](Ticks90k cut) { return elapsed(cut, picture.pts) > cut_memory; };
    std::erase_if(cuts_, is_past);
    std::erase_if(overlong_cuts_, is_past);
    segment_ = OpenSegment{};
    segment_->line.start = picture.pts;
    segment_->line.keyframe = picture.keyframe;
    segment_->line.discontinuity = std::exchange(next_is_discontinuity_, false);
    segment_->media_time = clock_.media_time();
    put(SegmentOpened{.start = picture.pts});
    put(GopOpened{.pts = picture.pts,
                  .media_time = clock_.media_time(),
                  .keyframe = picture.keyframe,
                  .opens_segment = true});
    auto const tables = map_.next_tables();
    output_->bytes.insert(output_->bytes.end(), tables.begin(), tables.end());
}

void Segmenter::close_segment(Ticks90k span, Ticks90k duration, End end) {
    auto const jumped = std::chrono::abs(duration - span) > max_drift;
    next_is_discontinuity_ = jumped;
    auto& line = segment_->line;
    line.duration = jumped || duration <= Ticks90k::zero() ? span : duration;
    line.end = end;
    line.video = video_;
    line.video.frame_rate = rate_of(segment_->pictures, span);
    line.audio_codecs = audio_codecs_;
    put(SegmentClosed{std::move(line)});
    segment_.reset();
    is_in_first_segment_ = false;
}

void Segmenter::close_at(Ticks90k next_start, End end) {
    close_segment(clock_.media_time() - segment_->media_time,
                  elapsed(segment_->line.start, next_start), end);
}

void Segmenter::close_tail() {
    auto const last_picture = clock_.picture_length();
    close_segment(clock_.media_time() - segment_->media_time + last_picture,
                  segment_->last + last_picture, End::input);
}

void Segmenter::end(Ended::Why why, std::string reason) {
    if (ended_) return; // what the gate still held has ended the run before
    if (segment_) close_tail();
    put(Ended{.why = why, .reason = std::move(reason)});
    ended_ = true;
}

void Segmenter::put(Happening what) {
    output_->events.push_back({.offset = output_->bytes.size(), .what = std::move(what)});
}

} // namespace continuo::segment
