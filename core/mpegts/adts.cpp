#include "core/mpegts/adts.hpp"

#include <algorithm>
#include <array>

namespace continuo::mpegts {
namespace {

constexpr std::array<unsigned, 13> sampling_frequencies{96'000, 88'200, 64'000, 48'000, 44'100,
                                                        32'000, 24'000, 22'050, 16'000, 12'000,
                                                        11'025, 8'000,  7'350};

Ticks90k length_of(std::uint64_t samples, std::uint64_t rate) noexcept {
    return Ticks90k(rate == 0 ? 0 : static_cast<std::int64_t>(samples * 90'000 / rate));
}

} // namespace

std::optional<AdtsFrame> parse_adts_frame(std::span<std::uint8_t const> bytes) noexcept {
    if (bytes.size() < adts_header_size) return std::nullopt;
    if (bytes[0] != 0xFF || (bytes[1] & 0xF6) != 0xF0) return std::nullopt; // syncword, layer
    auto const index = static_cast<std::size_t>(bytes[2] >> 2 & 0x0F);
    if (index >= sampling_frequencies.size()) return std::nullopt;
    auto const size = (bytes[3] & 0x03U) << 11 | bytes[4] * 8U | bytes[5] >> 5;
    if (size <= adts_header_size) return std::nullopt;
    AdtsFrame frame{.size = size,
                    .samples = 1024U * ((bytes[6] & 0x03U) + 1),
                    .rate = sampling_frequencies[index]};
    frame.length = length_of(frame.samples, frame.rate);
    return frame;
}

Ticks90k length_of_adts(std::span<std::uint8_t const> payload) noexcept {
    std::uint64_t samples = 0;
    std::uint64_t rate = 0;
    while (auto const frame = parse_adts_frame(payload)) {
        samples += frame->samples;
        rate = frame->rate;
        payload = payload.subspan(std::min(frame->size, payload.size()));
    }
    return length_of(samples, rate);
}

} // namespace continuo::mpegts
