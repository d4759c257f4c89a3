#include "core/mpegts/bits.hpp"

namespace continuo::mpegts {

bool BitReader::next_bit() noexcept {
    if (bit_ == 0 && zeros_ >= 2 && position_ < bytes_.size() && bytes_[position_] == 3) {
        ++position_;
        zeros_ = 0;
    }
    if (position_ >= bytes_.size()) {
        exhausted_ = true;
        return false;
    }
    auto const byte = bytes_[position_];
    auto const value = (byte >> (7 - bit_) & 1) != 0;
    if (++bit_ == 8) {
        bit_ = 0;
        ++position_;
        zeros_ = byte == 0 ? zeros_ + 1 : 0;
    }
    return value;
}

std::uint32_t BitReader::bits(unsigned count) noexcept {
    std::uint32_t value = 0;
    for (unsigned i = 0; i < count; ++i)
        value = value << 1 | (next_bit() ? 1U : 0U);
    return value;
}

void BitReader::skip(unsigned count) noexcept {
    for (unsigned i = 0; i < count && !exhausted_; ++i)
        next_bit();
}

std::uint32_t BitReader::ue() noexcept {
    unsigned zeros = 0;
    while (!next_bit() && !exhausted_ && zeros < 32)
        ++zeros;
    if (exhausted_ || zeros >= 32) {
        exhausted_ = true;
        return 0;
    }
    return ((1U << zeros) - 1) + bits(zeros);
}

std::int32_t BitReader::se() noexcept {
    auto const code = static_cast<std::int64_t>(ue());
    return static_cast<std::int32_t>(code % 2 != 0 ? (code + 1) / 2 : -(code / 2));
}

} // namespace continuo::mpegts
