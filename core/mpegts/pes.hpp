// The header of a packetised elementary stream packet: where an access unit begins, and its times.
#pragma once

#include "core/base/result.hpp"
#include "core/base/ticks.hpp"

#include <cstdint>
#include <optional>
#include <span>

namespace continuo::mpegts {

struct PesHeader {
    std::uint8_t stream_id{};
    std::optional<Ticks90k> pts; ///< 33 bit
    std::optional<Ticks90k> dts; ///< the PTS where none is coded
    bool dts_coded{false};
    std::size_t payload_offset{}; ///< of the elementary stream's first byte
};

/// Parses the header at the beginning of a PES packet.
/// `bytes`: the payload of the transport packet that starts it; the header has to be wholly inside.
/// Errors: `Errc::malformed` without the start code; `Errc::truncated` when the header does not end
/// in `bytes`. Spec: ISO/IEC 13818-1 §2.4.3.6 and §2.4.3.7.
Result<PesHeader> parse_pes_header(std::span<std::uint8_t const> bytes);

} // namespace continuo::mpegts
