// Any bytes as a transport stream: packets, tables and PES headers are read without going beyond
// them, and what a table says survives being written and read again.
#include "core/mpegts/pes.hpp"
#include "core/mpegts/psi.hpp"
#include "core/mpegts/stream_kind.hpp"
#include "core/mpegts/sync.hpp"
#include "core/mpegts/timestamp.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>

using namespace continuo::mpegts;

namespace {

void check_section(std::span<std::uint8_t const> section) {
    if (auto const pat = parse_pat(section)) {
        auto const again = parse_pat(encode(*pat));
        if (!again || *again != *pat) std::abort();
    }
    if (auto const pmt = parse_pmt(section)) {
        auto const again = parse_pmt(encode(*pmt));
        if (!again || *again != *pmt) std::abort();
        for (auto const& stream : pmt->streams)
            (void)name_of_foreign_video(stream);
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    if (size == 0) return 0;
    std::span<std::uint8_t const> input(data, size);
    auto const chunk = std::size_t{input[0]} + 1;
    input = input.subspan(1);

    Packetizer packetizer;
    SectionAssembler assembler;
    std::uint64_t packets = 0;
    auto const visit = [&](PacketBytes bytes) {
        ++packets;
        auto const packet = parse_packet(bytes);
        if (!packet) return;
        assembler.feed(*packet, check_section);
        if (packet->payload_unit_start) (void)parse_pes_header(packet->payload);
        std::array<std::uint8_t, packet_size> copy;
        std::copy(bytes.begin(), bytes.end(), copy.begin());
        move_in_time(copy, continuo::Ticks90k(12345));
    };
    for (auto rest = input; !rest.empty();) {
        auto const part = rest.first(std::min(chunk, rest.size()));
        packetizer.feed(part, visit);
        rest = rest.subspan(part.size());
    }
    packetizer.finish(visit);
    if (packets * packet_size + packetizer.skipped_bytes() != input.size()) std::abort();
    return 0;
}
