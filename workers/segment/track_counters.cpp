#include "workers/segment/track_counters.hpp"

#include <cstring>
#include <utility>

namespace continuo::segment {
namespace {

constexpr std::uint8_t counter_mask = 0x0F;

std::uint8_t counter_of(mpegts::PacketBytes bytes) noexcept {
    return bytes[3] & counter_mask;
}

} // namespace

std::optional<unsigned> TrackCounters::next(mpegts::Packet const& packet,
                                            mpegts::PacketBytes bytes) {
    auto& place = places_[packet.pid];
    auto const is_new = place == 0;
    if (is_new) {
        tracks_.push_back({.output = packet.continuity_counter});
        place = static_cast<std::uint16_t>(tracks_.size());
    }
    auto& track = tracks_[place - 1U];
    if (packet.payload.empty()) return track.output; // counts nothing
    if (track.repeats(bytes)) return std::nullopt;
    if (!is_new) track.output = (track.output + 1U) & counter_mask;
    track.input = packet.continuity_counter;
    track.latest = nullptr;
    std::memcpy(track.copy.data(), bytes.data(), bytes.size());
    return track.output;
}

bool TrackCounters::follows(mpegts::PacketBytes bytes) noexcept {
    auto const place = places_[mpegts::pid_of(bytes)];
    if (place == 0) return false;
    auto& track = tracks_[place - 1U];
    if (counter_of(bytes) != ((track.input + 1U) & counter_mask)) return false;
    track.input = counter_of(bytes);
    track.output = (track.output + 1U) & counter_mask;
    track.latest = bytes.data();
    return true;
}

void TrackCounters::number(std::span<std::uint8_t> packets) const noexcept {
    for (; !packets.empty(); packets = packets.subspan(mpegts::packet_size)) {
        auto const packet = packets.first<mpegts::packet_size>();
        auto const& track = tracks_[places_[mpegts::pid_of(packet)] - 1U];
        // all of them are as far from what they came with as the latest is
        mpegts::set_continuity_counter(packet, counter_of(packet) + track.output - track.input);
    }
}

void TrackCounters::keep_latest() noexcept {
    for (auto& track : tracks_) {
        auto const* const latest = std::exchange(track.latest, nullptr);
        if (latest != nullptr) std::memcpy(track.copy.data(), latest, track.copy.size());
    }
}

bool TrackCounters::Track::repeats(mpegts::PacketBytes bytes) const noexcept {
    return std::memcmp(latest != nullptr ? latest : copy.data(), bytes.data(), bytes.size()) == 0;
}

} // namespace continuo::segment
