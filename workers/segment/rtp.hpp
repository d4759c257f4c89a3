// The header that RTP puts in front of transport packets in a datagram (RFC 2250).
#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace continuo::segment {

struct Datagram {
    std::span<std::uint8_t const> payload;
    std::optional<std::uint16_t> sequence; ///< RTP's number; nothing where there is no header
};

/// Takes a header off, where there is one: transport packets begin with another bit pattern.
/// Nothing is left of a datagram whose header is torn. Spec: RFC 3550 §5.1.
inline Datagram without_rtp(std::span<std::uint8_t const> datagram) noexcept {
    constexpr std::size_t fixed_header = 12;
    if (datagram.size() < fixed_header || datagram[0] >> 6 != 2) {
        return {.payload = datagram, .sequence = std::nullopt};
    }
    auto const number_at = [&](std::size_t at) {
        return static_cast<std::uint16_t>(datagram[at] << 8 | datagram[at + 1]);
    };
    Datagram result{.payload = {}, .sequence = number_at(2)};
    auto const has_padding = (datagram[0] & 0x20) != 0;
    auto const has_extension = (datagram[0] & 0x10) != 0;
    auto begin = fixed_header + 4u * (datagram[0] & 0x0F);
    if (has_extension) {
        if (begin + 4 > datagram.size()) return result;
        begin += 4 + 4u * number_at(begin + 2);
    }
    auto const padding = has_padding ? datagram.back() : std::size_t{0};
    if (begin + padding > datagram.size()) return result;
    result.payload = datagram.subspan(begin, datagram.size() - begin - padding);
    return result;
}

/// Counts what did not come, from the numbers of what did. Pure.
class SequenceWatch {
public:
    void take(std::uint16_t sequence) noexcept {
        auto const step = static_cast<std::uint16_t>(sequence - newest_);
        constexpr std::uint16_t half = 0x8000; // beyond: late, or a second time
        if (has_any_ && (step == 0 || step >= half)) return;
        if (has_any_) lost_ += step - 1u;
        has_any_ = true;
        newest_ = sequence;
    }
    std::uint64_t lost() const noexcept { return lost_; }

private:
    bool has_any_{false};
    std::uint16_t newest_{};
    std::uint64_t lost_{};
};

} // namespace continuo::segment
