#include "core/mp4/field_reader.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace continuo::mp4 {

std::uint64_t FieldReader::number(std::size_t bytes) noexcept {
    std::uint64_t value = 0;
    for (auto const byte : take(bytes))
        value = value << 8 | byte;
    return value;
}

std::string FieldReader::text() {
    auto const end = std::ranges::find(rest_, std::uint8_t{0});
    std::string text(rest_.begin(), end);
    skip(text.size() + 1);
    return text;
}

void FieldReader::skip(std::size_t bytes) noexcept {
    (void)take(bytes); // a skip beyond the end is remembered
}

std::span<std::uint8_t const> FieldReader::take(std::size_t bytes) noexcept {
    if (bytes > rest_.size()) {
        failed_ = true;
        rest_ = {};
        return {};
    }
    auto const taken = rest_.first(bytes);
    rest_ = rest_.subspan(bytes);
    return taken;
}

Error FieldReader::failure() const {
    return fail(Errc::truncated, fmt::format("{} of {} bytes at byte {}", to_text(box_->type),
                                             box_->bytes.size(), box_->offset));
}

VersionAndFlags version_and_flags(FieldReader& fields) noexcept {
    auto const word = fields.u32();
    return {.version = static_cast<std::uint8_t>(word >> 24), .flags = word & 0xFFFFFF};
}

} // namespace continuo::mp4
