// Segments of packed audio from anybody, in any chunks: what comes out is a transport stream.
#include "core/mpegts/packet.hpp"
#include "workers/segment/packed_audio.hpp"

#include <algorithm>
#include <cstdlib>
#include <vector>

using namespace continuo;
using namespace continuo::segment;

namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

/// In chunks of that size, with what the first byte says; nothing where it is refused.
std::vector<std::uint8_t> packets_of(std::span<std::uint8_t const> input, std::size_t chunk) {
    PackedAudio audio;
    std::vector<std::uint8_t> out;
    audio.begin_segment();
    while (!input.empty()) {
        auto const part = input.first(std::min(chunk, input.size()));
        input = input.subspan(part.size());
        if (!audio.take(part, /*is_all=*/input.empty(), out)) return {};
    }
    return out;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    if (size == 0) return 0;
    std::span const input(data + 1, size - 1);
    auto const packets = packets_of(input, input.size());
    require(packets.size() % mpegts::packet_size == 0);
    for (std::size_t at = 0; at < packets.size(); at += mpegts::packet_size) {
        auto const packet =
            mpegts::parse_packet(mpegts::PacketBytes(packets.data() + at, mpegts::packet_size));
        require(packet.has_value() && !packet->payload.empty());
    }
    require(packets_of(input, data[0] + 1u) == packets);
    return 0;
}
