// Reads the splice_info_sections that travel in the stream itself: as sections (stream_type 0x86),
// or as private data in PES packets, which is what ffmpeg makes of them.
#pragma once

#include "core/mpegts/psi.hpp"
#include "workers/segment/splice_request.hpp"

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace continuo::segment {

/// How a stream of the programme carries cues, if it does.
struct CueTrack {
    std::uint16_t pid{};
    bool in_pes{false}; ///< private data, which may be anything else as well

    friend bool operator==(CueTrack const&, CueTrack const&) = default;
};

/// Pure. A section that can't be read is a remark where it must be a cue; private data that is no
/// section with a good checksum is none of ours.
class InBandCues {
public:
    static constexpr unsigned max_remarks =
        20; ///< then silence: a broken source has no end of them

    struct Found {
        std::vector<SpliceRequest> requests;
        std::vector<std::string> remarks; ///< for the operator
    };
    /// `packet`: of `track`'s PID.
    Found take(CueTrack const& track, mpegts::Packet const& packet);

private:
    struct Unit {
        mpegts::SectionAssembler sections;
        std::vector<std::uint8_t> pes; ///< a section in private data, as far as it has come
    };

    void take_pes(CueTrack const& track, Unit& unit, mpegts::Packet const& packet, Found& found);
    void take_section(CueTrack const& track, std::span<std::uint8_t const> section, Found& found);

    void remark(CueTrack const& track, std::string const& text, Found& found);

    std::map<std::uint16_t, Unit> units_;
    unsigned remarks_{};
};

} // namespace continuo::segment
