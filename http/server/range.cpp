#include "http/server/range.hpp"

#include "http/server/field_value.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace continuo::server {
namespace {

/// Digits only; a number beyond 64 bits is beyond every representation as well.
std::optional<std::uint64_t> parse_position(std::string_view digits) {
    if (digits.empty() || digits.find_first_not_of("0123456789") != std::string_view::npos)
        return std::nullopt;
    std::uint64_t value{};
    auto const [end, error] = std::from_chars(digits.begin(), digits.end(), value);
    return error == std::errc{} ? value : UINT64_MAX;
}

RangeChoice last_bytes(std::uint64_t count, std::uint64_t size) {
    if (count == 0) return NotSatisfiable{};
    if (size == 0) return WholeContent{};
    auto const length = std::min(count, size);
    return ByteRange{.first = size - length, .length = length};
}

} // namespace

RangeChoice choose_range(std::string_view field, std::uint64_t size) noexcept {
    auto const equals = field.find('=');
    if (equals == std::string_view::npos) return WholeContent{};
    auto const unit = trimmed(field.substr(0, equals));
    constexpr std::string_view known_unit = "bytes";
    auto const is_bytes = std::equal(unit.begin(), unit.end(), known_unit.begin(), known_unit.end(),
                                     [](char a, char b) { return (a | 0x20) == b; });
    if (!is_bytes) return WholeContent{};
    auto const set = trimmed(field.substr(equals + 1));
    auto const dash = set.find('-');
    if (dash == std::string_view::npos) return WholeContent{};

    auto const first = parse_position(set.substr(0, dash));
    auto const last = parse_position(set.substr(dash + 1));
    if (dash == 0) return last ? last_bytes(*last, size) : WholeContent{};
    if (!first) return WholeContent{};
    if (!last && dash + 1 != set.size()) return WholeContent{};
    if (last && *last < *first) return WholeContent{};
    if (*first >= size) return NotSatisfiable{};
    auto const end = last ? std::min(*last, size - 1) : size - 1;
    return ByteRange{.first = *first, .length = end - *first + 1};
}

} // namespace continuo::server
