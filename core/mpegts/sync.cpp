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

std::size_t Packetizer::next_run(std::span<std::uint8_t const> bytes, std::size_t& position,
                                 std::size_t limit, std::size_t packets_for_sync) noexcept {
    auto const rest = bytes.subspan(position);
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
    }
    if (!in_sync_) return 0;
    auto end = position;
    while (end < limit && end + packet_size <= bytes.size() && bytes[end] == sync_byte)
        end += packet_size;
    return end - position;
}

} // namespace continuo::mpegts
