#include "workers/segment/start_watch.hpp"

#include "core/mpegts/pes.hpp"

#include <algorithm>

namespace continuo::segment {

void StartWatch::Clock::take(Ticks90k time) noexcept {
    if (!first) first = time;
    passed = std::max(passed, elapsed(*first, time));
}

void StartWatch::take(mpegts::Packet const& packet) {
    bytes_ += mpegts::packet_size;
    if (packet.pcr) pcr_.take(Ticks90k(static_cast<std::int64_t>(*packet.pcr / 300)));
    if (!packet.payload_unit_start) return;
    auto const header = mpegts::parse_pes_header(packet.payload);
    if (header && header->pts) pts_.take(*header->pts);
}

bool StartWatch::is_over() const noexcept {
    return std::max(pcr_.passed, pts_.passed) > max_time || bytes_ > max_bytes;
}

} // namespace continuo::segment
