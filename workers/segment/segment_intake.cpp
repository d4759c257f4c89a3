#include "workers/segment/segment_intake.hpp"

#include "core/mpegts/packet.hpp"
#include "core/mpegts/sync.hpp"

#include <algorithm>
#include <array>

namespace continuo::segment {
namespace {

constexpr std::size_t packets_to_tell = 3;
/// Wherever the first packet begins.
constexpr auto bytes_to_tell = (packets_to_tell + 1) * mpegts::packet_size;

/// `bytes.size()` when there is none.
std::size_t first_packet(std::span<std::uint8_t const> bytes) {
    auto const head = bytes.first(std::min(bytes.size(), bytes_to_tell));
    auto const packets = std::min(bytes.size() / mpegts::packet_size, packets_to_tell);
    if (packets == 0) return bytes.size();
    auto const begin = mpegts::find_sync(head, packets);
    // a letter G alone does not make a packet
    return begin < head.size() && (begin == 0 || packets == packets_to_tell) ? begin : bytes.size();
}

bool begins_with(std::span<std::uint8_t const> bytes, std::string_view text) {
    return bytes.size() >= text.size() &&
           std::equal(text.begin(), text.end(), bytes.begin(),
                      [](char a, std::uint8_t b) { return static_cast<std::uint8_t>(a) == b; });
}

bool is_mp4(std::span<std::uint8_t const> bytes) {
    constexpr std::array<std::string_view, 7> first_boxes{"ftyp", "styp", "moof", "moov",
                                                          "sidx", "emsg", "prft"};
    constexpr std::size_t size_of_a_size = 4;
    if (bytes.size() < size_of_a_size) return false;
    return std::ranges::any_of(first_boxes, [&](std::string_view name) {
        return begins_with(bytes.subspan(size_of_a_size), name);
    });
}

bool is_packed_audio(std::span<std::uint8_t const> bytes) {
    if (begins_with(bytes, "ID3") || begins_with(bytes, "\x0B\x77")) return true; // AC-3
    return bytes.size() >= 2 && bytes[0] == 0xFF && (bytes[1] & 0xE0) == 0xE0; // ADTS, MPEG audio
}

} // namespace

std::optional<SegmentFormat> format_of(std::span<std::uint8_t const> bytes, bool is_all) {
    if (bytes.size() < bytes_to_tell && !is_all) return std::nullopt;
    if (first_packet(bytes) < bytes.size()) return SegmentFormat::transport_stream;
    if (is_mp4(bytes)) return SegmentFormat::fragmented_mp4;
    if (is_packed_audio(bytes)) return SegmentFormat::packed_audio;
    return SegmentFormat::unknown;
}

std::string_view name_of(SegmentFormat format) noexcept {
    switch (format) {
    case SegmentFormat::transport_stream: return "a transport stream";
    case SegmentFormat::fragmented_mp4: return "fragmented MP4";
    case SegmentFormat::packed_audio: return "audio without a transport stream";
    case SegmentFormat::unknown: break;
    }
    return "no transport stream";
}

void SegmentIntake::take(std::span<std::uint8_t const> bytes, bool is_all,
                         std::vector<std::uint8_t>& out) {
    pending_.insert(pending_.end(), bytes.begin(), bytes.end());
    if (!format_) {
        format_ = format_of(pending_, is_all);
        if (format_ == SegmentFormat::transport_stream) {
            auto const begin = first_packet(pending_);
            pending_.erase(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(begin));
        }
    }
    if (!format_) return;
    if (format_ == SegmentFormat::packed_audio) {
        out.insert(out.end(), pending_.begin(), pending_.end());
    }
    if (format_ != SegmentFormat::transport_stream) return pending_.clear();
    auto const whole =
        static_cast<std::ptrdiff_t>(pending_.size() - pending_.size() % mpegts::packet_size);
    out.insert(out.end(), pending_.begin(), pending_.begin() + whole);
    pending_.erase(pending_.begin(), pending_.begin() + whole);
}

} // namespace continuo::segment
