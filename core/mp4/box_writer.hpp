// A box as bytes, one field after the other: what is inserted into segments is written by it.
#pragma once

#include "core/mp4/box.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace continuo::mp4 {

class BoxWriter {
public:
    explicit BoxWriter(FourCC type) {
        number(0, 4); // the size, once it is known
        number(type.value, 4);
    }
    /// A full box (ISO/IEC 14496-12 §4.2.2).
    BoxWriter(FourCC type, std::uint8_t version, std::uint32_t flags = 0) : BoxWriter(type) {
        number(version, 1);
        number(flags, 3);
    }

    /// Big-endian, the lowest `size` bytes of `value`; at most 8.
    void number(std::uint64_t value, std::size_t size) {
        while (size-- > 0)
            bytes_.push_back(static_cast<std::uint8_t>(value >> 8 * size));
    }
    void text(std::string_view text) {
        bytes_.insert(bytes_.end(), text.begin(), text.end());
        bytes_.push_back(0);
    }
    void bytes(std::span<std::uint8_t const> bytes) {
        bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
    }

    /// The whole box; less than 4 GiB.
    std::vector<std::uint8_t> finished() && {
        for (std::size_t i = 0; i < 4; ++i)
            bytes_[i] = static_cast<std::uint8_t>(bytes_.size() >> 8 * (3 - i));
        return std::move(bytes_);
    }

private:
    std::vector<std::uint8_t> bytes_;
};

} // namespace continuo::mp4
