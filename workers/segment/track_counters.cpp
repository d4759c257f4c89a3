#include "workers/segment/track_counters.hpp"

#include <algorithm>

namespace continuo::segment {

std::optional<unsigned> TrackCounters::next(mpegts::Packet const& packet,
                                            mpegts::PacketBytes bytes) {
    auto track = std::ranges::find(tracks_, packet.pid, &Track::pid);
    if (track == tracks_.end()) {
        tracks_.push_back({.pid = packet.pid, .counter = 0x0F, .latest = {}});
        track = tracks_.end() - 1;
    }
    if (packet.payload.empty()) return track->counter; // counts nothing
    if (std::ranges::equal(bytes, track->latest)) return std::nullopt;
    std::ranges::copy(bytes, track->latest.begin());
    return ++track->counter & 0x0F;
}

} // namespace continuo::segment
