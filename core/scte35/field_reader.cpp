#include "core/scte35/field_reader.hpp"

#include <fmt/format.h>

namespace continuo::scte35 {
namespace {

constexpr std::size_t bits_per_byte = 8;

} // namespace

FieldReader::FieldReader(std::span<std::uint8_t const> section, std::optional<Error>& failure)
    : section_(section), failure_(&failure), end_(section.size() * bits_per_byte) {}

std::uint64_t FieldReader::bits(unsigned count, char const* field) {
    if (count > end_ - position_) refuse(Errc::truncated, field, "");
    if (failed()) return 0;
    std::uint64_t value = 0;
    for (auto const last = position_ + count; position_ < last; ++position_) {
        auto const byte = section_[position_ / bits_per_byte];
        value = value << 1 | (byte >> (bits_per_byte - 1 - position_ % bits_per_byte) & 1U);
    }
    return value;
}

Ticks90k FieldReader::ticks(unsigned count, char const* field) {
    return Ticks90k{static_cast<std::int64_t>(bits(count, field))};
}

std::vector<std::uint8_t> FieldReader::bytes(std::size_t count, char const* field) {
    if (count > left_bytes()) refuse(Errc::truncated, field, "");
    if (failed()) return {};
    auto const bytes = section_.subspan(position_ / bits_per_byte, count);
    position_ += count * bits_per_byte;
    return {bytes.begin(), bytes.end()};
}

std::vector<std::uint8_t> FieldReader::rest() {
    return bytes(left_bytes(), "");
}

FieldReader FieldReader::part(std::size_t count, char const* field) {
    auto part = *this;
    if (count > left_bytes()) refuse(Errc::truncated, field, "");
    part.end_ = position_ + (failed() ? 0 : count * bits_per_byte);
    position_ = part.end_;
    return part;
}

std::size_t FieldReader::left_bytes() const noexcept {
    return (end_ - position_) / bits_per_byte;
}

void FieldReader::refuse(Errc code, char const* field, char const* why) {
    if (failed()) return;
    *failure_ = fail(code, fmt::format("{} at byte {}{}", field, position_ / bits_per_byte, why));
}

} // namespace continuo::scte35
