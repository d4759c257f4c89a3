#include "core/mpegts/sync.hpp"

#include <algorithm>

namespace continuo::mpegts {

std::size_t find_sync(std::span<std::uint8_t const> bytes, std::size_t packets) noexcept {
    auto const reach = (packets - 1) * packet_size;
    for (std::size_t offset = 0; offset + reach < bytes.size(); ++offset) {
        auto matched = std::size_t{0};
        while (matched < packets && bytes[offset + matched * packet_size] == sync_byte)
            ++matched;
        if (matched == packets) return offset;
    }
    return bytes.size();
}

bool Packetizer::next_packet(std::size_t& position, std::size_t packets_for_sync) noexcept {
    auto rest = std::span<std::uint8_t const>(pending_).subspan(position);
    if (in_sync_ && !rest.empty() && rest[0] != sync_byte) in_sync_ = false;
    if (!in_sync_) {
        auto skip = find_sync(rest, packets_for_sync);
        in_sync_ = skip < rest.size();
        if (!in_sync_) { // the last bytes may be the beginning of what is searched
            auto const undecided = (packets_for_sync - 1) * packet_size;
            skip = rest.size() - std::min(rest.size(), undecided);
        }
        skipped_bytes_ += skip;
        position += skip;
        rest = rest.subspan(skip);
    }
    return in_sync_ && rest.size() >= packet_size;
}

} // namespace continuo::mpegts
