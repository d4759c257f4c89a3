#include "http/dashlive/media/protected_ranges.hpp"

#include <algorithm>
#include <limits>

namespace continuo::dashlive {
namespace {

/// More than a slice header takes, so that none has to be parsed.
constexpr std::size_t min_clear = 96;
constexpr std::size_t max_clear = std::numeric_limits<std::uint16_t>::max();
/// saiz gives a sample's information a byte for its size: 40 parts fit; the last ones are kept for
/// what is clear behind the last slice.
constexpr std::size_t max_slices = 30;

bool is_slice(std::uint8_t header, mp4::NalLayout::Codec codec) noexcept {
    switch (codec) {
    case mp4::NalLayout::Codec::avc: {
        auto const type = header & 0x1F; // ISO/IEC 14496-10 table 7-1
        return type >= 1 && type <= 5;
    }
    case mp4::NalLayout::Codec::hevc: return (header >> 1 & 0x3F) < 32; // ISO/IEC 23008-2 table 7-1
    }
    return false;
}

class Ranges {
public:
    void clear(std::size_t bytes) noexcept { clear_ += bytes; }
    void protect(std::size_t bytes) {
        flush();
        parts_.back().protected_bytes = static_cast<std::uint32_t>(bytes);
        ++slices_;
    }
    bool is_full() const noexcept { return slices_ >= max_slices; }
    std::vector<mp4::Subsample> taken() && {
        if (clear_ > 0 || parts_.empty()) flush();
        return std::move(parts_);
    }

private:
    /// A part for what is clear; more where its 16 bits do not do.
    void flush() {
        for (; clear_ > max_clear; clear_ -= max_clear)
            parts_.push_back(
                {.clear = static_cast<std::uint16_t>(max_clear), .protected_bytes = 0});
        parts_.push_back({.clear = static_cast<std::uint16_t>(clear_), .protected_bytes = 0});
        clear_ = 0;
    }

    std::vector<mp4::Subsample> parts_;
    std::size_t clear_{};
    std::size_t slices_{};
};

} // namespace

std::vector<mp4::Subsample> protected_ranges(std::span<std::uint8_t const> sample,
                                             mp4::NalLayout const& layout) {
    Ranges ranges;
    while (sample.size() > layout.length_bytes && !ranges.is_full()) {
        std::size_t length = 0;
        for (auto const byte : sample.first(layout.length_bytes))
            length = length << 8 | byte;
        auto const unit = std::min(sample.size(), layout.length_bytes + length);
        auto const header = sample[layout.length_bytes];
        auto const has_room = unit >= min_clear + cipher_block;
        if (length > 0 && is_slice(header, layout.codec) && has_room) {
            auto const hidden = (unit - min_clear) / cipher_block * cipher_block;
            ranges.clear(unit - hidden);
            ranges.protect(hidden);
        } else {
            ranges.clear(unit);
        }
        sample = sample.subspan(unit);
    }
    ranges.clear(sample.size());
    return std::move(ranges).taken();
}

} // namespace continuo::dashlive
