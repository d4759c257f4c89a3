// The sound of a channel's segments, out of their transport streams: the first step on the way to
// Icecast.
#pragma once

#include "core/base/ticks.hpp"
#include "core/mpegts/stream_kind.hpp"
#include "core/mpegts/sync.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace continuo::icecast {

/// What a decoder has to be told before the first frame.
struct AudioFormat {
    mpegts::AudioCodec codec{mpegts::AudioCodec::aac_adts};
    std::uint8_t stream_type{0x0F};          ///< ISO/IEC 13818-1 table 2-34
    std::vector<std::uint8_t> descriptors{}; ///< of the stream, as its PMT has them

    friend bool operator==(AudioFormat const&, AudioFormat const&) = default;
};

/// A frame where they are known apart (AAC); else what one PES packet carried, one frame or some.
struct AudioUnit {
    std::optional<Ticks90k> pts{}; ///< 33 bit
    std::vector<std::uint8_t> frames{};

    friend bool operator==(AudioUnit const&, AudioUnit const&) = default;
};

/// Pure. Follows the first audio stream of the first programme from one segment to the next,
/// whatever its PIDs become; a unit that lacks a part is left out.
class AudioTrack {
public:
    /// Adds to `units` what the next `bytes` complete, in any chunks.
    void feed(std::span<std::uint8_t const> bytes, std::vector<AudioUnit>& units);

    /// What was fed has come to its end.
    void finish_file(std::vector<AudioUnit>& units);

    /// The next bytes do not go on where the last ended: another run, or a segment left out.
    void forget_torn_unit();

    /// Nothing until a PMT with audio was seen.
    std::optional<AudioFormat> const& format() const noexcept { return format_; }

private:
    void take(mpegts::PacketBytes bytes, std::vector<AudioUnit>& units);
    void take_pat(std::span<std::uint8_t const> section);
    void take_pmt(std::span<std::uint8_t const> section);
    void take_audio(mpegts::Packet const& packet, std::vector<AudioUnit>& units);
    void emit_pes(std::vector<AudioUnit>& units);

    mpegts::Packetizer packetizer_;
    mpegts::SectionAssembler pat_sections_;
    mpegts::SectionAssembler pmt_sections_;
    std::optional<std::uint16_t> pmt_pid_;
    std::optional<std::uint16_t> audio_pid_;
    std::optional<AudioFormat> format_;
    std::vector<std::uint8_t> pes_; ///< begun; empty between two
    unsigned next_counter_{};
};

} // namespace continuo::icecast
