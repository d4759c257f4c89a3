#include "core/scte35/field_writer.hpp"

namespace continuo::scte35 {

void FieldWriter::bits(unsigned count, std::uint64_t value) {
    while (count > 0) {
        if (free_bits_ == 0) {
            bytes_.push_back(0);
            free_bits_ = 8;
        }
        --count;
        --free_bits_;
        bytes_.back() =
            static_cast<std::uint8_t>(bytes_.back() | (value >> count & 1) << free_bits_);
    }
}

void FieldWriter::bytes(std::span<std::uint8_t const> bytes) {
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
}

} // namespace continuo::scte35
