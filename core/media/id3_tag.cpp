#include "core/media/id3_tag.hpp"

#include <algorithm>
#include <string_view>

namespace continuo::media {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t header_size = 10; // as long as the footer
constexpr auto mark = "ID3"sv;
constexpr auto time_owner = "com.apple.streaming.transportStreamTimestamp\0"sv;
constexpr std::size_t time_size = 8;

constexpr bool same(char letter, std::uint8_t byte) noexcept {
    return static_cast<std::uint8_t>(letter) == byte;
}

/// The PRIV frame's: a 33-bit time in eight bytes.
std::optional<Ticks90k> time_in(std::span<std::uint8_t const> tag) noexcept {
    auto const found =
        std::search(tag.begin(), tag.end(), time_owner.begin(), time_owner.end(),
                    [](std::uint8_t byte, char letter) { return same(letter, byte); });
    auto const behind = tag.subspan(static_cast<std::size_t>(found - tag.begin()));
    if (behind.size() < time_owner.size() + time_size) return std::nullopt;
    std::uint64_t time = 0;
    for (auto const byte : behind.subspan(time_owner.size(), time_size))
        time = time << 8 | byte;
    auto const turn = static_cast<std::uint64_t>(clock_turn.count());
    return Ticks90k(static_cast<std::int64_t>(time % turn));
}

} // namespace

std::optional<Id3Tag> parse_id3_tag(std::span<std::uint8_t const> bytes) noexcept {
    if (bytes.size() < header_size) return std::nullopt;
    if (!std::equal(mark.begin(), mark.end(), bytes.begin(), same)) return std::nullopt;
    std::size_t body = 0;
    for (auto const byte : bytes.subspan(6, 4)) // seven bits each
        body = body << 7 | (byte & 0x7FU);
    bool const has_footer = (bytes[5] & 0x10) != 0;
    auto const size = header_size + body + (has_footer ? header_size : 0);
    if (size > bytes.size()) return std::nullopt;
    return Id3Tag{.size = size, .time = time_in(bytes.first(size))};
}

} // namespace continuo::media
