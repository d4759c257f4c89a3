// The checksum at the end of every section of a transport stream: tables and splices alike.
#pragma once

#include <cstdint>
#include <span>

namespace continuo {

/// CRC-32/MPEG-2 (ISO/IEC 13818-1 Annex A); 0 over a section that ends with its own.
std::uint32_t crc32_mpeg2(std::span<std::uint8_t const> bytes) noexcept;

} // namespace continuo
