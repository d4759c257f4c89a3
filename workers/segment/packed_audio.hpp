// Packed audio, segments of AAC without a transport stream (RFC 8216 §3.4), put into one: so that
// the rest of the program sees nothing else.
#pragma once

#include "core/base/result.hpp"
#include "core/base/ticks.hpp"
#include "core/mpegts/adts.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace continuo::segment {

/// One rendition, segment after segment. Pure.
class PackedAudio {
public:
    /// What `take` gets from now on is another segment.
    void begin_segment();

    /// Appends to `out` the packets of what `bytes` complete: PAT and PMT at the segment's head,
    /// then its frames, each packet of PES with a PCR. `is_all`: the segment ends with them; a torn
    /// frame is dropped. Bytes between frames are passed over.
    /// Errors: `Errc::unsupported` for MP3 and AC-3; `Errc::malformed` without the ID3 tag that
    /// tells the first frame's time.
    Result<> take(std::span<std::uint8_t const> bytes, bool is_all, std::vector<std::uint8_t>& out);

private:
    /// False when there is too little for the tag that `pending_` begins with.
    Result<bool> take_tag(std::size_t& position);
    void take_frame(std::span<std::uint8_t const> bytes, mpegts::AdtsFrame const& frame,
                    std::vector<std::uint8_t>& out);
    void write_tables(std::vector<std::uint8_t>& out);
    void write_group(std::vector<std::uint8_t>& out);

    std::vector<std::uint8_t> pending_;
    std::optional<Ticks90k> begin_; ///< of the first frame since the rate was last seen to change
    std::uint64_t rate_{};
    std::uint64_t samples_{}; ///< since `begin_`
    bool has_frames_{false};  ///< of this segment

    std::vector<std::uint8_t> group_; ///< frames of the next PES packet
    Ticks90k group_begin_{};
    unsigned group_frames_{};

    unsigned pat_counter_{};
    unsigned pmt_counter_{};
    unsigned audio_counter_{};
};

} // namespace continuo::segment
