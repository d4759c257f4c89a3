#include "core/media/segment_facts.hpp"

#include "core/media/fragment_facts.hpp"
#include "core/media/packed_facts.hpp"
#include "core/media/transport_facts.hpp"
#include "core/mp4/box.hpp"
#include "core/mpegts/packet.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace continuo::media {
namespace {

bool begins_with(std::span<std::uint8_t const> bytes, std::string_view text) noexcept {
    return bytes.size() >= text.size() &&
           std::equal(text.begin(), text.end(), bytes.begin(), [](char letter, std::uint8_t byte) {
               return static_cast<std::uint8_t>(letter) == byte;
           });
}

bool is_transport_stream(std::span<std::uint8_t const> bytes) noexcept {
    return !bytes.empty() && bytes[0] == mpegts::sync_byte &&
           (bytes.size() <= mpegts::packet_size || bytes[mpegts::packet_size] == mpegts::sync_byte);
}

bool is_fragmented_mp4(std::span<std::uint8_t const> bytes) noexcept {
    constexpr std::array<std::string_view, 7> boxes{"styp", "moof", "sidx", "emsg",
                                                    "prft", "ftyp", "moov"};
    return bytes.size() >= 8 && std::ranges::any_of(boxes, [&](std::string_view box) {
               return begins_with(bytes.subspan(4), box);
           });
}

bool is_packed_audio(std::span<std::uint8_t const> bytes) noexcept {
    return begins_with(bytes, "ID3") || begins_with(bytes, "\x0B\x77") ||
           (bytes.size() >= 2 && bytes[0] == 0xFF && (bytes[1] & 0xE0) == 0xE0);
}

} // namespace

Container container_of(std::span<std::uint8_t const> segment) noexcept {
    if (is_transport_stream(segment)) return Container::transport_stream;
    if (is_fragmented_mp4(segment)) return Container::fragmented_mp4;
    if (is_packed_audio(segment)) return Container::packed_audio;
    if (begins_with(segment, "WEBVTT") || begins_with(segment, "\xEF\xBB\xBFWEBVTT"))
        return Container::webvtt;
    return Container::unknown;
}

Result<SegmentFacts> segment_facts(std::span<std::uint8_t const> segment,
                                   std::span<std::uint8_t const> init) {
    auto const container = container_of(segment);
    switch (container) {
    case Container::transport_stream: return transport_facts(segment);
    case Container::fragmented_mp4: return fragment_facts(segment, init);
    case Container::packed_audio: return packed_facts(segment);
    case Container::webvtt:
    case Container::unknown: break;
    }
    SegmentFacts facts;
    facts.container = container;
    return facts;
}

} // namespace continuo::media
