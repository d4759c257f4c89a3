#include "workers/segment/segmenter.hpp"

#include "workers/segment/reasons.hpp"

#include <algorithm>
#include <utility>

namespace continuo::segment {

Segmenter::Segmenter(Rules rules)
    : rules_(std::move(rules))
    , map_(rules_.by_boundaries ? Selection::whole_programme : Selection::first_tracks,
           rules_.begin_with)
    , rule_(rules_)
    , cues_(rules_.replays)
    , boundaries_(rules_.begin_with) {}

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
    writer_.keep_latest();
}

/// Packets at which nothing is to be decided: how many bytes of them there were.
std::size_t Segmenter::pass_on(std::span<std::uint8_t const> packets) {
    auto const is_flowing = segment_ && gate_ && !gate_->holds_packets() && !is_waiting();
    if (ended_ || !is_flowing || facts_.audio_leads) return 0;
    return writer_.write_plain(packets, map_, *output_);
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
        facts_.audio_leads = !streams->video_codec;
        LeadingTrack const track{.pid = streams->leading_pid,
                                 .codec = streams->video_codec,
                                 .by_indicator = rules_.by_indicator};
        gate_.emplace(track, receiver);
    }
    if (auto const broken = gate_->take(*packet, bytes)) break_off(reason_of(*broken), bytes);
}

void Segmenter::on_packet(mpegts::PacketBytes bytes) {
    if (ended_) return;
    auto const packet = mpegts::parse_packet(bytes);
    auto const& streams = *map_.streams();
    if (segment_) return writer_.write(*packet, bytes, streams, *output_);
    auto const is_early = !stretch_start_ && packet->pid != streams.leading_pid;
    if (rules_.by_boundaries && is_early) writer_.keep_early(bytes);
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
    rule_.begin_stretch();
    writer_.forget_sound();
    skip_ = {};
    stretch_start_.reset();
    parameters_.reset();
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
    output_->put(std::move(what));
}

} // namespace continuo::segment
