// Which of the input's PIDs go on, from its PAT and PMT; and the tables that say so at the head of
// each segment.
#pragma once

#include "core/mpegts/psi.hpp"
#include "core/mpegts/stream_kind.hpp"
#include "workers/segment/in_band_cues.hpp"

#include <bitset>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace continuo::segment {

/// What is kept of the first programme.
enum class Selection : std::uint8_t {
    first_tracks,    ///< the first video, the first audio, private data and SCTE-35
    whole_programme, ///< everything; without any video its first audio is what is cut at
};

struct Streams {
    std::uint16_t leading_pid{};                   ///< whose access units segments begin with
    std::optional<mpegts::VideoCodec> video_codec; ///< nothing: audio leads
    std::optional<std::uint16_t> audio_pid;
    mpegts::AudioCodec audio_codec{};
    std::vector<CueTrack> cue_tracks;     ///< those that carry SCTE-35, or may
    std::vector<std::uint16_t> kept_pids; ///< all of them, the PCR's too

    bool keep(std::uint16_t pid) const noexcept;
    bool has_cues(std::uint16_t pid) const noexcept;
};

class StreamMap {
public:
    /// `tables_before`: how often another in its place has made the tables; their counters run on.
    explicit StreamMap(Selection selection = Selection::first_tracks,
                       std::uint64_t tables_before = 0)
        : selection_(selection), tables_before_(tables_before) {}

    /// Takes what belongs to PAT and PMT; true when `packet` did, and so must not be passed on.
    bool take(mpegts::Packet const& packet);

    /// Nothing until a PMT with a usable video was seen.
    std::optional<Streams> const& streams() const noexcept { return streams_; }

    /// Whether packets of this PID go on as they are: kept ones that carry neither tables nor cues.
    bool passes(std::uint16_t pid) const noexcept { return passing_.test(pid); }

    /// What follows may be of other streams: nothing is known until its PMT has come.
    void forget_streams();

    /// Why there are no pictures, in words for the operator.
    std::string const& problem() const noexcept { return problem_; }

    /// What changed about video or audio since they were first known; empty while nothing did.
    std::string const& change() const noexcept { return change_; }

    /// PAT and PMT in whole packets, naming what is kept; continuity counters run on from one call
    /// to the next.
    std::vector<std::uint8_t> next_tables();
    /// The same for a reader that begins here.
    std::vector<std::uint8_t> first_tables() const;

private:
    void take_pat(std::span<std::uint8_t const> section);
    void take_pmt(std::span<std::uint8_t const> section);
    std::optional<Streams> streams_of(mpegts::Pmt const& pmt);
    std::vector<std::uint8_t> tables(unsigned& pat_counter, unsigned& pmt_counter) const;

    Selection selection_;
    mpegts::SectionAssembler pat_sections_;
    mpegts::SectionAssembler pmt_sections_;
    std::optional<mpegts::Pat> pat_; ///< reduced to the programme we take
    mpegts::Pmt pmt_;                ///< reduced to the streams we keep
    std::optional<Streams> streams_;
    std::bitset<mpegts::pid_count> passing_;
    std::string problem_{"the input is no MPEG transport stream with a programme"};
    std::string change_;
    std::uint64_t tables_before_;
    unsigned pat_counter_{};
    unsigned pmt_counter_{};
};

} // namespace continuo::segment
