// From a byte stream in any chunks to whole transport packets: the first step behind every read().
#pragma once

#include "core/mpegts/packet.hpp"

#include <algorithm>
#include <cstddef>
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
        feed_runs(chunk, each_packet(visit));
    }

    /// The same with `visit(std::span<std::uint8_t const>)`: whole packets that follow each other.
    /// They are not copied, but for those that lie in two chunks.
    template <class Visit>
    void feed_runs(std::span<std::uint8_t const> chunk, Visit&& visit) {
        std::size_t position = 0;
        if (auto const before = pending_.size(); before > 0) {
            auto const joined = chunk.first(std::min(chunk.size(), packets_to_sync * packet_size));
            pending_.insert(pending_.end(), joined.begin(), joined.end());
            auto const taken = take_runs(pending_, before, packets_to_sync, visit);
            if (taken < before) { // the chunk was too short to tell
                pending_.erase(pending_.begin(),
                               pending_.begin() + static_cast<std::ptrdiff_t>(taken));
                return;
            }
            position = taken - before;
        }
        auto const rest = chunk.subspan(position);
        auto const taken = take_runs(rest, rest.size(), packets_to_sync, visit);
        pending_.assign(rest.begin() + static_cast<std::ptrdiff_t>(taken), rest.end());
    }

    /// At the end of the input: what is left when fewer packets than a search asks for are to come.
    /// A torn last packet is dropped.
    template <class Visit>
    void finish(Visit&& visit) {
        auto const taken =
            take_runs(pending_, pending_.size(), /*packets_for_sync=*/1, each_packet(visit));
        skipped_bytes_ += pending_.size() - taken;
        pending_.clear();
    }

    /// Bytes that belonged to no packet.
    std::uint64_t skipped_bytes() const noexcept { return skipped_bytes_; }

private:
    static constexpr std::size_t packets_to_sync = 5;

    template <class Visit>
    static auto each_packet(Visit& visit) {
        return [&visit](std::span<std::uint8_t const> run) {
            for (; !run.empty(); run = run.subspan(packet_size))
                visit(run.template first<packet_size>());
        };
    }

    /// Takes the packets that begin in the first `limit` bytes; returns where it came to.
    template <class Visit>
    std::size_t take_runs(std::span<std::uint8_t const> bytes, std::size_t limit,
                          std::size_t packets_for_sync, Visit&& visit) {
        std::size_t position = 0;
        while (auto const size = next_run(bytes, position, limit, packets_for_sync)) {
            visit(bytes.subspan(position, size));
            position += size;
        }
        return position;
    }

    /// How many bytes of whole packets lie at `position`, which moves on to where sync was found
    /// again.
    std::size_t next_run(std::span<std::uint8_t const> bytes, std::size_t& position,
                         std::size_t limit, std::size_t packets_for_sync) noexcept;

    std::vector<std::uint8_t> pending_; ///< the beginning of a packet, or of what may be one
    bool in_sync_{false};
    std::uint64_t skipped_bytes_{};
};

} // namespace continuo::mpegts
