// AAC as transport streams carry it: where one frame ends and the next begins.
#pragma once

#include "core/base/ticks.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace continuo::icecast {

struct AdtsFrame {
    std::size_t size{}; ///< bytes, with the header
    Ticks90k length{};  ///< rounded down
};

/// The frame at the beginning of `bytes`, which may end before it does. Nothing where no frame
/// begins. Spec: ISO/IEC 13818-7 §6.2.
std::optional<AdtsFrame> parse_adts_frame(std::span<std::uint8_t const> bytes) noexcept;

} // namespace continuo::icecast
