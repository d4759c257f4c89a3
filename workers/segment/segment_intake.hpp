// The first look at a segment's bytes: whether they are a transport stream at all, and where its
// packets are, so that one that was torn off does not spoil the next one's first packets.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace continuo::segment {

enum class SegmentFormat : std::uint8_t {
    transport_stream,
    fragmented_mp4,
    packed_audio, ///< RFC 8216 §3.4: AAC, MP3 or AC-3 alone
    unknown
};

/// Told by the first bytes; nothing while there are too few. `is_all`: no more will come.
std::optional<SegmentFormat> format_of(std::span<std::uint8_t const> bytes, bool is_all);
std::string_view name_of(SegmentFormat format) noexcept;

/// One segment. Pure.
class SegmentIntake {
public:
    /// Appends to `out` the whole packets that `bytes` complete, packed audio as it is, and nothing
    /// of any other format. `is_all`: the segment ends with `bytes`; a torn packet is dropped.
    void take(std::span<std::uint8_t const> bytes, bool is_all, std::vector<std::uint8_t>& out);

    /// Nothing while it can't be told.
    std::optional<SegmentFormat> format() const noexcept { return format_; }

private:
    std::vector<std::uint8_t> pending_; ///< less than a packet, once the format is known
    std::optional<SegmentFormat> format_;
};

} // namespace continuo::segment
