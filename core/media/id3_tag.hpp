// The ID3 tag in front of packed audio, which tells the first frame's time (RFC 8216 §3.4).
#pragma once

#include "core/base/ticks.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace continuo::media {

struct Id3Tag {
    std::size_t size{};           ///< bytes, with header and footer
    std::optional<Ticks90k> time; ///< 33 bit, of com.apple.streaming.transportStreamTimestamp
};

/// The tag that `bytes` begins with; nothing when there is none, or not the whole of it.
/// Spec: ID3v2.4 §3.1 and §4.27.
std::optional<Id3Tag> parse_id3_tag(std::span<std::uint8_t const> bytes) noexcept;

} // namespace continuo::media
