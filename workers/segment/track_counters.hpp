// Continuity counters that run on, whatever was left out or put together in front: one PID after
// the other.
#pragma once

#include "core/mpegts/packet.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

namespace continuo::segment {

class TrackCounters {
public:
    /// The counter that `packet` (its bytes: `bytes`) gets; nothing when it repeats the one before
    /// and is to be left out. Spec: ISO/IEC 13818-1 §2.4.3.3 allows each packet to be sent twice;
    /// numbered on, the copy would become data.
    std::optional<unsigned> next(mpegts::Packet const& packet, mpegts::PacketBytes bytes);

private:
    struct Track {
        std::uint16_t pid{};
        unsigned counter{};
        std::array<std::uint8_t, mpegts::packet_size> latest{}; ///< as it came, with payload
    };
    std::vector<Track> tracks_;
};

} // namespace continuo::segment
