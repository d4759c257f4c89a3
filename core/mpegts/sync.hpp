// From a byte stream in any chunks to whole transport packets: the first step behind every read().
#pragma once

#include "core/mpegts/packet.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace continuo::mpegts {

/// Where packets begin: the first offset at which `packets` sync bytes follow each other at packet
/// distance. Returns `bytes.size()` when there is no such place.
std::size_t find_sync(std::span<std::uint8_t const> bytes, std::size_t packets = 5) noexcept;

/// Cuts a stream into packets, whatever the chunks; skips what is not one and finds the way back.
class Packetizer {
public:
    /// Calls `visit(PacketBytes)` for each packet that `chunk` completes; the bytes are valid
    /// during the call.
    template <class Visit>
    void feed(std::span<std::uint8_t const> chunk, Visit&& visit) {
        pending_.insert(pending_.end(), chunk.begin(), chunk.end());
        take_whole_packets(/*packets_for_sync=*/5, visit);
    }

    /// At the end of the input: what is left when fewer packets than a search asks for are to come.
    /// A torn last packet is dropped.
    template <class Visit>
    void finish(Visit&& visit) {
        take_whole_packets(/*packets_for_sync=*/1, visit);
        skipped_bytes_ += pending_.size();
        pending_.clear();
    }

    /// Bytes that belonged to no packet.
    std::uint64_t skipped_bytes() const noexcept { return skipped_bytes_; }

private:
    template <class Visit>
    void take_whole_packets(std::size_t packets_for_sync, Visit&& visit) {
        std::size_t position = 0;
        while (next_packet(position, packets_for_sync)) {
            visit(PacketBytes(pending_.data() + position, packet_size));
            position += packet_size;
        }
        pending_.erase(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(position));
    }

    /// Whether a whole packet lies at `position`, which moves on to where sync was found again.
    bool next_packet(std::size_t& position, std::size_t packets_for_sync) noexcept;

    std::vector<std::uint8_t> pending_;
    bool in_sync_{false};
    std::uint64_t skipped_bytes_{};
};

} // namespace continuo::mpegts
