#include "core/base/crc32.hpp"

#include <array>

namespace continuo {
namespace {

constexpr auto crc_table = [] {
    std::array<std::uint32_t, 256> table{};
    for (std::uint32_t byte = 0; byte < table.size(); ++byte) {
        auto crc = byte << 24;
        for (int bit = 0; bit < 8; ++bit) {
            crc = (crc & 0x8000'0000U) != 0 ? crc << 1 ^ 0x04C1'1DB7U : crc << 1;
        }
        table[byte] = crc;
    }
    return table;
}();

} // namespace

std::uint32_t crc32_mpeg2(std::span<std::uint8_t const> bytes) noexcept {
    std::uint32_t crc = 0xFFFF'FFFFU;
    for (auto const byte : bytes)
        crc = crc << 8 ^ crc_table[crc >> 24 ^ byte];
    return crc;
}

} // namespace continuo
