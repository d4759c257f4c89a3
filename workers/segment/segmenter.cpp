#include "workers/segment/segmenter.hpp"

#include "core/mpegts/adts.hpp"
#include "workers/segment/reasons.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace continuo::segment {
namespace {

constexpr Ticks90k second{90'000};
/// The clock and the pictures' own length may differ by so much before it is a jump.
constexpr Ticks90k max_drift = second;
/// Beyond the target duration, while waiting for the first keyframes.
constexpr Ticks90k patience = second;
/// What is not told by then is cut without a keyframe.
constexpr Ticks90k max_raised_target = 60 * second;
constexpr std::size_t max_kept_bytes = 256 * 1024; // of sound
constexpr Ticks90k cut_memory = 3600 * second;
/// A segment that is longer than the target duration by more would be listed as a second longer.
constexpr Ticks90k rounding = second * 4 / 10;

double rate_of(unsigned pictures, Ticks90k span) {
    return span > Ticks90k::zero() ? pictures / seconds_of(span) : 0.0;
}

} // namespace

Segmenter::Segmenter(Rules rules)
    : rules_(std::move(rules))
    , map_(rules_.by_boundaries ? Selection::whole_programme : Selection::first_tracks,
           rules_.begin_with)
    , cues_(rules_.replays)
    , boundaries_(rules_.begin_with) {}

void Segmenter::add_cut(contract::Cut const& cut) {
    cuts_.insert(cut.pts);
    if (cut.overlong) overlong_cuts_.insert(cut.pts);
    if (cut.cue) cut_cues_.emplace(cut.pts, *cut.cue);
}

void Segmenter::add_boundary(contract::Boundary boundary) {
    if (rules_.leads) cues_.recall(boundary.cues, boundary.pts);
    boundaries_.add(std::move(boundary));
}

void Segmenter::feed(std::span<std::uint8_t const> bytes, Output& output) {
    output_ = &output;
    auto const held_back = std::exchange(held_back_, {});
    awaited_pace_.reset();
    take_run(held_back);
    packetizer_.feed_runs(bytes, [this](auto packets) { take_run(packets); });
    output_ = nullptr;
}

void Segmenter::discontinuity(Output& output) {
    output_ = &output;
    packetizer_.finish([this](mpegts::PacketBytes packet) { take(packet); });
    if (!ended_) begin_stretch();
    map_.forget_streams();
    output_ = nullptr;
}

void Segmenter::finish(Output& output) {
    output_ = &output;
    packetizer_.finish([this](mpegts::PacketBytes packet) { take(packet); });
    if (!ended_ && gate_) gate_->finish();
    if (!ended_ && segment_) close_input();
    if (!ended_ && rules_.leads && !first_picture_ && start_watch_.has_seen_time()) {
        end(Ended::Why::unusable, map_.problem());
    }
    output_ = nullptr;
}

std::optional<Ticks90k> Segmenter::media_time() const noexcept {
    if (!first_picture_) return std::nullopt;
    return clock_.media_time();
}

void Segmenter::take_run(std::span<std::uint8_t const> packets) {
    while (!packets.empty()) {
        packets = packets.subspan(pass_on(packets));
        if (packets.empty()) break;
        take_or_hold_back(packets.first<mpegts::packet_size>());
        packets = packets.subspan(mpegts::packet_size);
    }
    counters_.keep_latest();
}

/// The short way for most packets, those at which nothing is to be decided. Returns how many bytes
/// went it.
std::size_t Segmenter::pass_on(std::span<std::uint8_t const> packets) {
    if (ended_ || !segment_ || is_waiting() || !gate_ || gate_->holds_packets()) return 0;
    if (audio_leads_ || !early_.empty()) return 0;
    std::size_t size = 0;
    while (size < packets.size() && is_plain(packets.subspan(size).first<mpegts::packet_size>()))
        size += mpegts::packet_size;
    auto const passed = packets.first(size);
    auto const at = output_->bytes.size();
    output_->bytes.insert(output_->bytes.end(), passed.begin(), passed.end());
    counters_.number(std::span(output_->bytes).subspan(at));
    return size;
}

/// Sound, with nothing but payload, and neither the beginning of a unit nor a repetition.
bool Segmenter::is_plain(mpegts::PacketBytes bytes) noexcept {
    constexpr std::uint8_t damaged_or_unit_start = 0xC0;
    constexpr std::uint8_t adaptation_field_control = 0x30;
    constexpr std::uint8_t payload_only = 0x10;
    return (bytes[1] & damaged_or_unit_start) == 0 &&
           (bytes[3] & adaptation_field_control) == payload_only &&
           map_.passes(mpegts::pid_of(bytes)) && counters_.follows(bytes);
}

void Segmenter::take_or_hold_back(mpegts::PacketBytes bytes) {
    if (is_waiting() || must_wait(bytes)) {
        held_back_.insert(held_back_.end(), bytes.begin(), bytes.end());
    } else {
        take(bytes);
    }
}

/// Whether a picture begins that is not due, or of which the leader has not told yet what becomes
/// of it.
bool Segmenter::must_wait(mpegts::PacketBytes bytes) {
    auto const follows = rules_.by_boundaries && !rules_.leads;
    if ((!follows && !pace_) || !map_.streams()) return false;
    if (mpegts::pid_of(bytes) != map_.streams()->leading_pid) return false;
    auto const packet = mpegts::parse_packet(bytes);
    if (!packet || packet->damaged || !packet->payload_unit_start) return false;
    auto const header = mpegts::parse_pes_header(packet->payload);
    if (!header || !header->pts) return false;
    if (follows && !boundaries_.covers(*header->pts, tolerance())) return true;
    auto const media_time = clock_.media_time_at(*header->dts);
    if (!pace_ || media_time <= *pace_) return false;
    awaited_pace_ = media_time;
    return true;
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
            auto const change = map_.change();
            gate_->finish();
            map_.forget_streams();
            break_off(change, bytes);
        }
        return;
    }
    auto const& streams = map_.streams();
    if (!streams || !streams->keep(packet->pid)) return;
    if (rules_.leads && rules_.in_band_cues) read_cues(*streams, *packet);
    if (!gate_) {
        PictureGate::Receiver& receiver = *this;
        audio_leads_ = !streams->video_codec;
        LeadingTrack const track{.pid = streams->leading_pid,
                                 .codec = streams->video_codec,
                                 .by_indicator = rules_.by_indicator};
        gate_.emplace(track, receiver);
    }
    if (auto const broken = gate_->take(*packet, bytes)) break_off(reason_of(*broken), bytes);
}

void Segmenter::on_picture(Picture const& picture) {
    if (ended_) return;
    if (!first_picture_) first_picture_ = picture.pts;
    if (!stretch_start_) stretch_start_ = picture.pts;
    if (is_skipped(picture)) return;
    if (picture.keyframe && !accept_parameters(picture)) return;
    if (rules_.leads) decide_cues(picture);
    if (!segment_) {
        if (!may_begin(picture)) {
            early_.clear();
            return wait_for_keyframe(picture);
        }
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
    if (ended_) return;
    auto const packet = mpegts::parse_packet(bytes);
    auto const& streams = *map_.streams();
    if (!segment_) {
        auto const is_early = !stretch_start_ && packet->pid != streams.leading_pid;
        if (rules_.by_boundaries && is_early) keep_early(bytes);
        return;
    }
    auto const counter = counters_.next(*packet, bytes);
    if (!counter) return;
    if (packet->pid == streams.audio_pid) take_audio(*packet);
    auto const at = output_->bytes.size();
    output_->bytes.insert(output_->bytes.end(), bytes.begin(), bytes.end());
    mpegts::set_continuity_counter(
        mpegts::MutablePacketBytes(output_->bytes.data() + at, mpegts::packet_size), *counter);
    auto const early = std::exchange(early_, {});
    for (std::size_t i = 0; i < early.size(); i += mpegts::packet_size)
        on_packet(mpegts::PacketBytes(early.data() + i, mpegts::packet_size));
}

/// Sound that comes sooner than its picture: it follows the packet that begins the segment.
void Segmenter::keep_early(mpegts::PacketBytes bytes) {
    if (early_.size() >= max_kept_bytes) early_.clear();
    early_.insert(early_.end(), bytes.begin(), bytes.end());
}

void Segmenter::take_audio(mpegts::Packet const& packet) {
    auto payload = packet.payload;
    if (packet.payload_unit_start) {
        auto const header = mpegts::parse_pes_header(payload);
        if (header && header->pts) {
            put(AudioStarted{.pid = packet.pid, .pts = *header->pts});
            payload = payload.subspan(header->payload_offset);
            auto const codec = map_.streams()->audio_codec;
            if (audio_codecs_.empty()) audio_codecs_ = mpegts::codecs_of(codec, payload);
            sound_.clear();
        }
    }
    if (audio_leads_ && sound_.size() < max_kept_bytes)
        sound_.insert(sound_.end(), payload.begin(), payload.end());
}

void Segmenter::read_cues(Streams const& streams, mpegts::Packet const& packet) {
    auto const track = std::ranges::find(streams.cue_tracks, packet.pid, &CueTrack::pid);
    if (track == streams.cue_tracks.end()) return;
    auto found = in_band_cues_.take(*track, packet);
    for (auto& request : found.requests)
        cues_.add(std::move(request));
    for (auto& remark : found.remarks)
        put(CueRemark{std::move(remark)});
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
            add_cut(cut);
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
        video_ = {.codecs = parameters_->codecs,
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

bool Segmenter::is_told(Picture const& picture) const {
    if (!rules_.by_boundaries) return false;
    return !rules_.leads || boundaries_.covers(picture.pts, tolerance());
}

/// How much earlier than its boundary a picture may be: variants round their times.
Ticks90k Segmenter::tolerance() const {
    return audio_leads_ ? Ticks90k::zero() : clock_.picture_length() / 2;
}

bool Segmenter::may_begin(Picture const& picture) {
    if (!picture.keyframe) return false;
    return !is_told(picture) || boundary_as_told(picture);
}

void Segmenter::wait_for_keyframe(Picture const& picture) {
    auto const limit = longest_gop() + patience;
    if (!rules_.leads || is_told(picture)) return;
    if (elapsed(*stretch_start_, picture.pts) < skip_ + limit) return;
    end(Ended::Why::unusable, reason_without_keyframe(limit, rules_.target_duration));
}

void Segmenter::find_grid(Picture const& picture) {
    auto const gop = clock_.media_time() - keyframe_media_time_;
    // a GOP is too long when a picture of it lies at the target duration or beyond
    auto const last_picture = gop - clock_.picture_length();
    auto const target = rules_.target_duration;
    if (rules_.by_boundaries) {
        if (!picture.keyframe && gop < longest_gop()) return;
        raise_target(last_picture);
    } else if (!picture.keyframe) {
        if (gop < target + patience) return;
        return end(Ended::Why::unusable, reason_of_endless_gop(target + patience, target));
    } else if (last_picture >= target) {
        return end(Ended::Why::unusable,
                   reason_of(LongGop{.gop = gop,
                                     .target_duration = target,
                                     .admitting = last_picture + Ticks90k(1)}));
    }
    auto const by_clock = elapsed(*keyframe_, picture.pts);
    if (std::chrono::abs(by_clock - gop) > max_drift) return; // it jumped: the next GOP will tell
    rules_.grid = timeline::grid_of(*keyframe_, picture.pts, rules_.segment_time);
    tell_grid(by_clock);
}

void Segmenter::tell_grid(Ticks90k first_gop) {
    auto const length = clock_.media_time() - segment_->media_time;
    video_.frame_rate = audio_leads_ ? 0 : rate_of(segment_->pictures, length);
    contract::RunInfo info{.grid = rules_.grid.value_or(timeline::Grid{.period = first_gop}),
                           .first_gop = first_gop,
                           .video = video_,
                           .audio_codecs = audio_codecs_,
                           .cut_off = {}};
    if (rules_.by_boundaries) info.target_duration_s = whole_seconds(rules_.target_duration);
    put(GridFound{std::move(info)});
}

/// How long the first GOP may become before it is cut.
Ticks90k Segmenter::longest_gop() const noexcept {
    return rules_.raise_target ? std::max(rules_.target_duration, max_raised_target)
                               : rules_.target_duration;
}

/// Once, at the first GOP of all.
void Segmenter::raise_target(Ticks90k last_picture) {
    if (!std::exchange(rules_.raise_target, false)) return;
    auto const admitting = second * whole_seconds(last_picture + Ticks90k(1));
    rules_.target_duration = std::max(rules_.target_duration, admitting);
}

std::optional<contract::SegmentEnd> Segmenter::boundary_at(Picture const& picture) {
    if (rules_.leads && !rules_.grid) find_grid(picture);
    if (is_told(picture)) return boundary_as_told(picture);
    if (parameters_changed_) return End::cut;
    if (picture.keyframe && cuts_.contains(picture.pts)) return End::cut;
    if (!rules_.grid) return std::nullopt;
    return picture.keyframe ? boundary_at_keyframe(picture) : boundary_without_keyframe(picture);
}

std::optional<contract::SegmentEnd> Segmenter::boundary_as_told(Picture const& picture) {
    auto const length = segment_ ? elapsed(segment_->line.start, picture.pts) : Ticks90k::zero();
    auto const is_full = length + clock_.picture_length() > rules_.target_duration + rounding;
    told_ = boundaries_.opened_by({.pts = picture.pts,
                                   .random_access = picture.keyframe,
                                   .length = clock_.picture_length(),
                                   .fills_its_segment = is_full},
                                  tolerance());
    // one that begins in the middle of a stretch has seen its discontinuity pass
    if (!told_ && !boundaries_.begins_stretch()) next_is_discontinuity_ = false;
    if (!told_) return std::nullopt;
    if (!picture.keyframe) return End::overlong;
    return told_->cues.empty() ? End::grid : End::cut;
}

std::optional<contract::SegmentEnd> Segmenter::boundary_at_keyframe(Picture const& picture) {
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
    std::erase_if(cut_cues_, [&](auto const& cue) { return is_past(cue.first); });
    segment_ = OpenSegment{};
    segment_->line.start = picture.pts;
    segment_->line.keyframe = picture.keyframe;
    segment_->line.video = video_;
    segment_->line.discontinuity = std::exchange(next_is_discontinuity_, false);
    auto const [first, last] = cut_cues_.equal_range(picture.pts);
    std::transform(first, last, std::back_inserter(segment_->line.cues),
                   [](auto const& cue) { return cue.second; });
    cut_cues_.erase(first, last);
    if (auto told = std::exchange(told_, std::nullopt)) {
        segment_->line.boundary = told->pts;
        segment_->line.cues = std::move(told->cues);
    } else if (rules_.by_boundaries) {
        put(BoundaryDecided{
            {.pts = picture.pts, .overlong = !picture.keyframe, .cues = segment_->line.cues}});
    }
    segment_->media_time = clock_.media_time();
    put(SegmentOpened{.start = picture.pts, .cues = segment_->line.cues});
    put(GopOpened{.pts = picture.pts,
                  .media_time = clock_.media_time(),
                  .keyframe = picture.keyframe,
                  .opens_segment = true});
    auto const tables = map_.next_tables();
    output_->bytes.insert(output_->bytes.end(), tables.begin(), tables.end());
}

void Segmenter::close_segment(Ticks90k span, Ticks90k duration, End end) {
    auto const jumped = std::chrono::abs(duration - span) > max_drift;
    next_is_discontinuity_ = jumped || std::exchange(parameters_changed_, false);
    auto& line = segment_->line;
    line.duration = jumped || duration <= Ticks90k::zero() ? span : duration;
    line.end = end;
    if (line.video.codecs.empty()) line.video = video_;
    line.video.frame_rate = audio_leads_ ? 0 : rate_of(segment_->pictures, span);
    line.audio_codecs = audio_codecs_;
    put(SegmentClosed{std::move(line)});
    segment_.reset();
    is_in_first_segment_ = false;
}

void Segmenter::close_at(Ticks90k next_start, End end) {
    close_segment(clock_.media_time() - segment_->media_time,
                  elapsed(segment_->line.start, next_start), end);
}

/// An input of a single GOP is told of when it is known to be one.
void Segmenter::close_input() {
    if (rules_.leads && rules_.by_boundaries && !rules_.grid) {
        auto const length = segment_->last + last_unit_length();
        raise_target(segment_->last);
        tell_grid(length);
    }
    close_tail(End::input);
}

void Segmenter::close_tail(End end) {
    auto const last_unit = last_unit_length();
    close_segment(clock_.media_time() - segment_->media_time + last_unit,
                  segment_->last + last_unit, end);
}

/// Pictures are all alike; of sound there may be less in the last unit.
Ticks90k Segmenter::last_unit_length() const noexcept {
    auto const& streams = map_.streams();
    auto const is_adts = streams && streams->audio_codec == mpegts::AudioCodec::aac_adts;
    auto const sound = audio_leads_ && is_adts ? mpegts::length_of_adts(sound_) : Ticks90k::zero();
    return sound > Ticks90k::zero() ? sound : clock_.picture_length();
}

void Segmenter::break_off(std::string reason, mpegts::PacketBytes next) {
    if (!rules_.by_boundaries) return end(Ended::Why::broken, std::move(reason));
    begin_stretch();
    take_or_hold_back(next);
}

void Segmenter::begin_stretch() {
    if (gate_) gate_->finish();
    gate_.reset();
    if (segment_) close_tail(End::cut);
    cues_.restart_clock(clock_.picture_length());
    clock_.begin_anew();
    cuts_.clear(); // another lap has the same times
    overlong_cuts_.clear();
    cut_cues_.clear();
    skip_ = {};
    stretch_start_.reset();
    keyframe_.reset();
    gops_ = {};
    parameters_.reset();
    audio_codecs_.clear();
    rules_.grid.reset();
    next_is_discontinuity_ = true;
    auto const was_told = boundaries_.pass_discontinuity();
    if (!rules_.leads || was_told) return;
    contract::Boundary const decided{.kind = contract::Boundary::Kind::discontinuity};
    boundaries_.add(decided);
    put(BoundaryDecided{decided});
}

void Segmenter::end(Ended::Why why, std::string reason) {
    if (ended_) return; // what the gate still held has ended the run before
    if (segment_) close_tail(End::input);
    put(Ended{.why = why, .reason = std::move(reason)});
    ended_ = true;
}

void Segmenter::put(Happening what) {
    output_->events.push_back({.offset = output_->bytes.size(), .what = std::move(what)});
}

} // namespace continuo::segment
