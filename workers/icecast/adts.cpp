#include "workers/icecast/adts.hpp"

#include <array>

namespace continuo::icecast {
namespace {

constexpr std::size_t adts_header_size = 7;
constexpr std::array<unsigned, 13> sampling_frequencies{96'000, 88'200, 64'000, 48'000, 44'100,
                                                        32'000, 24'000, 22'050, 16'000, 12'000,
                                                        11'025, 8'000,  7'350};

} // namespace

std::optional<AdtsFrame> parse_adts_frame(std::span<std::uint8_t const> bytes) noexcept {
    if (bytes.size() < adts_header_size) return std::nullopt;
    if (bytes[0] != 0xFF || (bytes[1] & 0xF6) != 0xF0) return std::nullopt; // syncword, layer
    auto const index = static_cast<std::size_t>(bytes[2] >> 2 & 0x0F);
    if (index >= sampling_frequencies.size()) return std::nullopt;
    auto const size = (bytes[3] & 0x03U) << 11 | bytes[4] * 8U | bytes[5] >> 5;
    if (size <= adts_header_size) return std::nullopt;
    auto const samples = 1024 * ((bytes[6] & 0x03) + 1);
    return AdtsFrame{.size = size,
                     .length =
                         Ticks90k(samples * std::int64_t{90'000} / sampling_frequencies[index])};
}

} // namespace continuo::icecast
