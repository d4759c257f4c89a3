// Continuity counters that run on, whatever was left out or put together in front: one PID after
// the other. Where nothing was, packets keep the numbers they came with.
#pragma once

#include "core/mpegts/packet.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace continuo::segment {

class TrackCounters {
public:
    /// The counter that `packet` (its bytes: `bytes`) gets; nothing when it repeats the one before
    /// and is to be left out. Spec: ISO/IEC 13818-1 §2.4.3.3 allows each packet to be sent twice;
    /// numbered on, the copy would become data.
    std::optional<unsigned> next(mpegts::Packet const& packet, mpegts::PacketBytes bytes);

    /// The short way for packets that are payload alone: whether this one has the number after that
    /// of its PID's latest; then it is counted. It must stay where it is until `keep_latest`.
    bool follows(mpegts::PacketBytes bytes) noexcept;
    /// Gives packets that were counted by `follows`, and none since, their counters.
    void number(std::span<std::uint8_t> packets) const noexcept;
    /// The memory of the packets given to `follows` is let go.
    void keep_latest() noexcept;

private:
    struct Track {
        std::uint8_t input{};         ///< the latest packet's counter as it came
        std::uint8_t output{};        ///< and as it went on
        std::uint8_t const* latest{}; ///< that packet as it came; nothing where it is in `copy`
        std::array<std::uint8_t, mpegts::packet_size> copy{};

        bool repeats(mpegts::PacketBytes bytes) const noexcept;
    };

    std::vector<Track> tracks_;
    std::array<std::uint16_t, mpegts::pid_count> places_{}; ///< in `tracks_`, from 1; 0: not there
};

} // namespace continuo::segment
