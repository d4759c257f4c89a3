#include "workers/segment/track_counters.hpp"

#include <algorithm>
#include <cstring>

namespace continuo::segment {

std::optional<unsigned> TrackCounters::next(mpegts::Packet const& packet,
                                            mpegts::PacketBytes bytes) {
    auto track = std::ranges::find(tracks_, packet.pid, &Track::pid);
    if (track == tracks_.end()) {
        tracks_.push_back({.pid = packet.pid, .counter = 0x0F, .latest = {}});
        track = tracks_.end() - 1;
    }
    if (packet.payload.empty()) return track->counter; // counts nothing
    // Not ranges::copy: every byte of every stream comes by here, and GCC 12 moves them one by one.
    if (std::memcmp(bytes.data(), track->latest.data(), bytes.size()) == 0) return std::nullopt;
    std::memcpy(track->latest.data(), bytes.data(), bytes.size());
    return ++track->counter & 0x0F;
}

} // namespace continuo::segment
