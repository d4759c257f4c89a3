#include "core/mpegts/pes.hpp"

#include "core/mpegts/timestamp.hpp"

namespace continuo::mpegts {
namespace {

constexpr std::size_t short_header_size = 6; // start code, stream_id, PES_packet_length
constexpr std::size_t long_header_size = 9;  // two bytes of flags, PES_header_data_length

/// Stream ids whose packets have no flags and no times (table 2-21).
bool has_short_header(std::uint8_t stream_id) noexcept {
    switch (stream_id) {
    case 0xBC: // program_stream_map
    case 0xBE: // padding_stream
    case 0xBF: // private_stream_2
    case 0xF0: // ECM
    case 0xF1: // EMM
    case 0xF2: // DSM-CC
    case 0xF8: // ITU-T H.222.1 type E
    case 0xFF: // program_stream_directory
        return true;
    }
    return false;
}

} // namespace

Result<PesHeader> parse_pes_header(std::span<std::uint8_t const> bytes) {
    if (bytes.size() < short_header_size) return fail(Errc::truncated, "PES header");
    if (bytes[0] != 0 || bytes[1] != 0 || bytes[2] != 1) {
        return fail(Errc::malformed, "PES start code");
    }
    PesHeader header{.stream_id = bytes[3],
                     .pts = {},
                     .dts = {},
                     .dts_coded = false,
                     .payload_offset = short_header_size};
    if (has_short_header(header.stream_id)) return header;
    if (bytes.size() < long_header_size) return fail(Errc::truncated, "PES header");
    auto const flags = bytes[7] >> 6;
    std::size_t const length = bytes[8];
    header.payload_offset = long_header_size + length;
    if (header.payload_offset > bytes.size()) return fail(Errc::truncated, "PES header");
    auto const fields = bytes.subspan(long_header_size, length);
    if ((flags & 0x2) != 0) {
        if (fields.size() < timestamp_size)
            return fail(Errc::malformed, "PES header without room for PTS");
        header.pts = header.dts = read_timestamp(fields.first<timestamp_size>());
    }
    if (flags == 0x3) {
        if (fields.size() < 2 * timestamp_size) {
            return fail(Errc::malformed, "PES header without room for DTS");
        }
        header.dts = read_timestamp(fields.subspan<timestamp_size, timestamp_size>());
        header.dts_coded = true;
    }
    return header;
}

} // namespace continuo::mpegts
