// Bits of an H.264 or HEVC parameter set, most significant first, emulation prevention bytes left
// out on the way.
#pragma once

#include <cstdint>
#include <span>

namespace continuo::mpegts {

/// Reads beyond the end give zeros and make `exhausted` true, so that a parser checks once, at its
/// end.
class BitReader {
public:
    /// `nal`: a NAL unit as it stands in the byte stream; must outlive the reader.
    explicit BitReader(std::span<std::uint8_t const> nal) noexcept : bytes_(nal) {}

    std::uint32_t bits(unsigned count) noexcept; ///< up to 32
    bool flag() noexcept { return bits(1) != 0; }
    void skip(unsigned count) noexcept;
    std::uint32_t ue() noexcept; ///< Exp-Golomb, unsigned: ITU-T H.264 §9.1
    std::int32_t se() noexcept;  ///< Exp-Golomb, signed
    bool exhausted() const noexcept { return exhausted_; }

private:
    bool next_bit() noexcept;

    std::span<std::uint8_t const> bytes_;
    std::size_t position_{};
    unsigned bit_{};
    unsigned zeros_{}; ///< zero bytes just read: a 3 after two of them is not data
    bool exhausted_{false};
};

} // namespace continuo::mpegts
