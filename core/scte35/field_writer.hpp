// Writes the bit fields of a splice_info_section, most significant bit first. For this room's .cpp
// files.
#pragma once

#include "core/base/ticks.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace continuo::scte35 {

class FieldWriter {
public:
    void bits(unsigned count, std::uint64_t value); ///< the lowest `count` bits, up to 64
    void flag(bool value) { bits(1, value ? 1 : 0); }
    void byte(std::size_t value) { bits(8, value); }
    void word(std::size_t value) { bits(16, value); }
    void double_word(std::uint32_t value) { bits(32, value); }
    void ticks(unsigned count, Ticks90k value) {
        bits(count, static_cast<std::uint64_t>(value.count()));
    }
    void reserved(unsigned count) { bits(count, ~std::uint64_t{0}); } ///< §4: all ones
    void bytes(std::span<std::uint8_t const> bytes);                  ///< at a whole byte

    std::vector<std::uint8_t> const& written() const noexcept { return bytes_; }

private:
    std::vector<std::uint8_t> bytes_;
    unsigned free_bits_{}; ///< of the last byte
};

} // namespace continuo::scte35
