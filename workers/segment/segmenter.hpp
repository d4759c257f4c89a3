// From the bytes of a transport stream to segments: where each begins and ends, and what is in it.
// The heart of the data plane; pure, so that live segmenters, their restarts and tests cut alike.
#pragma once

#include "core/mpegts/sync.hpp"
#include "workers/segment/boundary_follower.hpp"
#include "workers/segment/cue_resolver.hpp"
#include "workers/segment/cut_rule.hpp"
#include "workers/segment/in_band_cues.hpp"
#include "workers/segment/output.hpp"
#include "workers/segment/packet_writer.hpp"
#include "workers/segment/picture_clock.hpp"
#include "workers/segment/picture_gate.hpp"
#include "workers/segment/rules.hpp"
#include "workers/segment/segment_draft.hpp"
#include "workers/segment/start_watch.hpp"
#include "workers/segment/stream_map.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace continuo::segment {

/// One run: feed it the input in any chunks, then `finish`. What it decides is appended to the
/// `Output` given.
class Segmenter final : private PictureGate::Receiver {
public:
    explicit Segmenter(Rules rules);
    Segmenter(Segmenter const&) = delete;
    Segmenter& operator=(Segmenter const&) = delete;

    /// A line of the run's `cuts`; has to be known before the picture at it is fed.
    void add_cut(contract::Cut const& cut) { rule_.add_cut(cut); }
    /// A splice that is asked for from outside of the stream (where it leads).
    void add_request(SpliceRequest request) { cues_.add(std::move(request)); }
    /// The run begins with the first keyframe that is so much later than the input's first picture,
    /// to half a frame. To be called before a picture was fed.
    void skip(Ticks90k time) noexcept { skip_ = time; }

    /// A line of `boundaries`. One that leads is given those that another in its place had decided
    /// before, and nothing after its first picture.
    void add_boundary(contract::Boundary boundary);

    void feed(std::span<std::uint8_t const> bytes, Output& output);
    /// It has come to a picture that lies beyond what the boundaries tell, or the pace: no input
    /// may be fed before there is more of them; then `feed` goes on, with or without bytes.
    bool is_waiting() const noexcept { return !held_back_.empty(); }
    /// Pictures that are later in media time wait.
    void pace(Ticks90k media_time) noexcept { pace_ = media_time; }
    /// The media time of the picture that waits for that.
    std::optional<Ticks90k> awaited_pace() const noexcept { return awaited_pace_; }
    /// What is fed next does not continue what was fed, in time or in form (by boundaries).
    void discontinuity(Output& output);
    /// The input ended: a torn packet is dropped, the open segment is closed as
    /// `SegmentEnd::input`.
    void finish(Output& output);

    /// An `Ended` was put out: the rest of the input is not looked at.
    bool has_ended() const noexcept { return ended_; }
    /// How far the input has come since the run's first picture; nothing before any.
    std::optional<Ticks90k> media_time() const noexcept;
    /// PTS of the input's first picture, skipped or not; nothing before.
    std::optional<Ticks90k> first_picture() const noexcept { return first_picture_; }
    /// PAT and PMT for a reader that begins in the middle; there once there was a `GopOpened`.
    std::vector<std::uint8_t> tables() const { return map_.first_tables(); }
    /// Input that was no transport packet.
    std::uint64_t skipped_bytes() const noexcept { return packetizer_.skipped_bytes(); }

private:
    using End = contract::SegmentEnd;

    void take_run(std::span<std::uint8_t const> packets);
    std::size_t pass_on(std::span<std::uint8_t const> packets);
    void take_or_hold_back(mpegts::PacketBytes bytes);
    bool must_wait(mpegts::PacketBytes bytes);
    void take(mpegts::PacketBytes bytes);
    void on_picture(Picture const& picture) override;
    void on_packet(mpegts::PacketBytes bytes) override;

    void read_cues(Streams const& streams, mpegts::Packet const& packet);
    /// What opens at this picture, told before it is passed on.
    void decide_cues(Picture const& picture);
    bool is_skipped(Picture const& picture) const noexcept;
    bool accept_parameters(Picture const& picture);
    bool may_begin(Picture const& picture);
    void wait_for_keyframe(Picture const& picture);
    std::optional<End> end_in_front_of(Picture const& picture);
    std::optional<End> end_as_told(Picture const& picture);
    bool is_told(Picture const& picture) const;
    Ticks90k tolerance() const;
    void look_for_grid(Place const& place);
    void tell_grid(Ticks90k first_gop);

    void open_segment(Picture const& picture);
    void close_segment(Ticks90k media_time, Ticks90k duration, End end);
    void close_at(Ticks90k next_start, End end);
    void close_tail(End end);
    void close_input();
    Ticks90k last_unit_length() const noexcept;

    /// The input is not what it was in front of `next`: the run ends there, or goes on with it.
    void break_off(std::string reason, mpegts::PacketBytes next);
    void begin_stretch();
    void end(Ended::Why why, std::string reason);
    void put(Happening what);

    Rules rules_;
    mpegts::Packetizer packetizer_;
    StreamMap map_;
    StartWatch start_watch_;
    std::optional<PictureGate> gate_;
    PictureClock clock_;
    CutRule rule_;
    InBandCues in_band_cues_;
    CueResolver cues_;
    BoundaryFollower boundaries_;
    std::optional<contract::Boundary> told_; ///< which opens the next segment
    PacketWriter writer_;
    std::vector<std::uint8_t> held_back_; ///< packets from the one that waits on
    std::optional<Ticks90k> pace_;        ///< how far the media may come
    std::optional<Ticks90k> awaited_pace_;
    std::optional<SegmentDraft> segment_;
    Ticks90k skip_{};
    std::optional<Ticks90k> first_picture_;
    std::optional<Ticks90k> stretch_start_;             ///< the same since the latest discontinuity
    std::optional<mpegts::VideoParameters> parameters_; ///< the first keyframe's
    MediaFacts facts_;
    bool parameters_changed_{false};
    bool next_is_discontinuity_{false};
    bool grid_is_told_{false};
    bool ended_{false};
    Output* output_{}; ///< during `feed` and `finish`
};

} // namespace continuo::segment
