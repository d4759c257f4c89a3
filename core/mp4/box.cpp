#include "core/mp4/box.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace continuo::mp4 {
namespace {

constexpr std::size_t short_header = 8; // size and type
constexpr std::size_t long_header = 16; // and largesize

std::uint64_t number_at(std::span<std::uint8_t const> bytes, std::size_t size) noexcept {
    std::uint64_t value = 0;
    for (auto const byte : bytes.first(size))
        value = value << 8 | byte;
    return value;
}

} // namespace

std::string to_text(FourCC type) {
    std::string text;
    for (int shift = 24; shift >= 0; shift -= 8) {
        auto const letter = static_cast<std::uint8_t>(type.value >> shift);
        if (letter >= 0x20 && letter < 0x7F)
            text += static_cast<char>(letter);
        else
            text += fmt::format("\\x{:02x}", letter);
    }
    return text;
}

BoxCursor BoxCursor::inside(Box const& parent, std::size_t skipped) noexcept {
    auto const before = std::min(skipped, parent.body().size());
    BoxCursor cursor(parent.body().subspan(before), parent.body_offset() + before);
    cursor.nested_ = true;
    return cursor;
}

Result<std::optional<Box>> BoxCursor::next() {
    if (bytes_.empty()) return std::optional<Box>{};
    if (bytes_.size() < short_header) {
        if (nested_ && std::ranges::all_of(bytes_, [](auto byte) { return byte == 0; })) {
            bytes_ = {};
            return std::optional<Box>{};
        }
        return failure(Errc::truncated, "MP4 box");
    }
    Box box{.type = FourCC(static_cast<std::uint32_t>(number_at(bytes_.subspan(4), 4))),
            .offset = offset_,
            .bytes = bytes_,
            .header_size = short_header};
    auto size = number_at(bytes_, 4);
    if (size == 1) {
        if (bytes_.size() < long_header) return failure(Errc::truncated, to_text(box.type));
        size = number_at(bytes_.subspan(short_header), 8);
        box.header_size = long_header;
    } else if (size == 0) {
        if (nested_) return failure(Errc::malformed, to_text(box.type) + " of open size");
        size = bytes_.size();
    }
    if (size < box.header_size)
        return failure(Errc::malformed, fmt::format("{} of {} bytes", to_text(box.type), size));
    if (size > bytes_.size())
        return failure(Errc::truncated, fmt::format("{} of {} bytes, {} of them there",
                                                    to_text(box.type), size, bytes_.size()));
    auto const taken = static_cast<std::size_t>(size);
    box.bytes = bytes_.first(taken);
    bytes_ = bytes_.subspan(taken);
    offset_ += taken;
    return std::optional<Box>(box);
}

Error BoxCursor::failure(Errc code, std::string_view what) const {
    return fail(code, fmt::format("{} at byte {}", what, offset_));
}

} // namespace continuo::mp4
