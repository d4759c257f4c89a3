#include "http/dashlive/options/values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

namespace continuo::dashlive {
namespace {

Mismatch not_within(Bounds bounds, std::string_view unit) {
    return wanted(fmt::format("{}, {} to {}", unit, bounds.least, bounds.most));
}

bool contains(Bounds bounds, std::int64_t value) noexcept {
    return bounds.least <= value && value <= bounds.most;
}

/// All of `text`, or nothing.
std::optional<std::int64_t> integer_of(std::string_view text) noexcept {
    std::int64_t value{};
    auto const end = text.data() + text.size();
    auto const [stop, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc() || stop != end) return std::nullopt;
    return value;
}

bool has_digits_only(std::string_view text) noexcept {
    return std::ranges::all_of(text, [](char sign) { return '0' <= sign && sign <= '9'; });
}

/// The decimals behind a point, as milliseconds.
std::int64_t rounded(std::string_view decimals) noexcept {
    std::int64_t value = 0;
    for (std::size_t place = 0; place < 3; ++place)
        value = value * 10 + (place < decimals.size() ? decimals[place] - '0' : 0);
    return value + (decimals.size() > 3 && decimals[3] >= '5' ? 1 : 0);
}

std::optional<std::int64_t> milliseconds_of(std::string_view text) noexcept {
    constexpr std::size_t most_digits = 12; // no product of these overflows
    auto const is_negative = text.starts_with('-');
    if (is_negative) text.remove_prefix(1);
    auto const point = text.find('.');
    auto const whole = text.substr(0, point);
    auto const decimals = point == std::string_view::npos ? "" : text.substr(point + 1);
    if (whole.empty() || whole.size() > most_digits || !has_digits_only(whole) ||
        !has_digits_only(decimals))
        return std::nullopt;
    auto const value = *integer_of(whole) * 1000 + rounded(decimals);
    return is_negative ? -value : value;
}

bool is_language_tag(std::string_view text) noexcept {
    constexpr std::size_t longest = 35; // RFC 5646 §4.4.1
    auto const is_of_tag = [](char sign) {
        return ('a' <= sign && sign <= 'z') || ('A' <= sign && sign <= 'Z') ||
               ('0' <= sign && sign <= '9') || sign == '-';
    };
    return !text.empty() && text.size() <= longest && std::ranges::all_of(text, is_of_tag);
}

} // namespace

Parsed<std::int64_t> parse_integer(std::string_view text, Bounds bounds, std::string_view unit) {
    auto const value = integer_of(text);
    if (!value || !contains(bounds, *value)) return not_within(bounds, unit);
    return *value;
}

Parsed<std::uint32_t> parse_count(std::string_view text, Bounds bounds, std::string_view unit) {
    auto const value = parse_integer(text, bounds, unit);
    if (!value) return value.error();
    return static_cast<std::uint32_t>(*value);
}

Parsed<std::chrono::seconds> parse_seconds(std::string_view text, Bounds bounds) {
    auto const value = parse_integer(text, bounds, "whole seconds");
    if (!value) return value.error();
    return std::chrono::seconds(*value);
}

Parsed<std::chrono::milliseconds> parse_decimal_seconds(std::string_view text, Bounds bounds) {
    auto const value = milliseconds_of(text);
    if (!value || !contains({bounds.least * 1000, bounds.most * 1000}, *value))
        return not_within(bounds, "seconds");
    return std::chrono::milliseconds(*value);
}

Parsed<> parse_presence(std::string_view text) {
    if (text != "1") return wanted("1, or to be left out");
    return {};
}

std::vector<std::string_view> pieces_of(std::string_view text, char separator) {
    std::vector<std::string_view> pieces;
    for (;;) {
        auto const end = text.find(separator);
        pieces.push_back(text.substr(0, end));
        if (end == std::string_view::npos) return pieces;
        text.remove_prefix(end + 1);
    }
}

Parsed<std::vector<std::string>> parse_languages(std::string_view text) {
    constexpr std::size_t most = 50;
    auto const pieces = pieces_of(text, ',');
    std::vector<std::string> languages;
    for (auto const piece : pieces) {
        if (!is_language_tag(piece) || pieces.size() > most ||
            std::ranges::find(languages, piece) != languages.end())
            return wanted(fmt::format("up to {} languages such as \"en,sv\", each once", most));
        languages.emplace_back(piece);
    }
    return languages;
}

Parsed<std::vector<UtcMethod>> parse_utc_methods(std::string_view text) {
    constexpr std::array<std::pair<std::string_view, UtcMethod>, 8> names{{
        {"direct", UtcMethod::direct},
        {"head", UtcMethod::head},
        {"ntp", UtcMethod::ntp},
        {"sntp", UtcMethod::sntp},
        {"httpxsdate", UtcMethod::xsdate},
        {"httpxsdatems", UtcMethod::xsdate_ms},
        {"httpiso", UtcMethod::iso},
        {"httpisoms", UtcMethod::iso_ms},
    }};
    std::vector<UtcMethod> methods;
    for (auto const piece : pieces_of(text, '-')) {
        auto const name =
            std::ranges::find(names, piece, [](auto const& pair) { return pair.first; });
        if (name == names.end() || std::ranges::find(methods, name->second) != methods.end())
            return wanted(
                "direct, head, ntp, sntp, httpxsdate, httpxsdatems, httpiso and httpisoms, "
                "each once, with '-' between; or none or keep alone");
        methods.push_back(name->second);
    }
    return methods;
}

Parsed<std::vector<QueryPair>> parse_query_pairs(std::string_view text) {
    constexpr std::size_t most = 50;
    auto const pieces = pieces_of(text, ',');
    std::vector<QueryPair> pairs;
    for (auto const piece : pieces) {
        auto const equals = piece.find('=');
        auto const name = piece.substr(0, equals);
        if (equals == std::string_view::npos || name.empty() || pieces.size() > most ||
            std::ranges::find(pairs, name, &QueryPair::name) != pairs.end())
            return wanted(fmt::format("up to {} parameters such as \"a=1,b=3\", each once", most));
        pairs.push_back(
            {.name = std::string(name), .value = std::string(piece.substr(equals + 1))});
    }
    return pairs;
}

namespace {

/// An id of an AdaptationSet.
std::optional<std::uint32_t> id_of(std::string_view text) noexcept {
    auto const id = integer_of(text);
    if (!id || *id < 0 || *id > std::numeric_limits<std::uint32_t>::max()) return std::nullopt;
    return static_cast<std::uint32_t>(*id);
}

constexpr std::size_t most_sets = 50;

} // namespace

Parsed<std::vector<SubSegmentSet>> parse_sub_segment_sets(std::string_view text) {
    auto const pieces = pieces_of(text, ';');
    std::vector<SubSegmentSet> sets;
    for (auto const piece : pieces) {
        auto const ids = pieces_of(piece, ',');
        auto const set = id_of(ids.front());
        auto const partner = id_of(ids.back());
        if (ids.size() != 2 || !set || !partner || set == partner || pieces.size() > most_sets ||
            std::ranges::find(sets, *set, &SubSegmentSet::adaptation_set) != sets.end())
            return wanted("ids of adaptation sets, a set and its partner, such as \"1,2;3,4\", "
                          "each set once");
        sets.push_back({.adaptation_set = *set, .partner = *partner, .part = {}});
    }
    return sets;
}

Parsed<std::vector<PartDuration>> parse_part_durations(std::string_view text) {
    auto const pieces = pieces_of(text, ';');
    std::vector<PartDuration> parts;
    for (auto const piece : pieces) {
        auto const pair = pieces_of(piece, ',');
        auto const set = id_of(pair.front());
        auto const duration = milliseconds_of(pair.back());
        if (pair.size() != 2 || !set || !duration || *duration <= 0 || *duration > 3'600'000 ||
            pieces.size() > most_sets ||
            std::ranges::find(parts, *set, &PartDuration::adaptation_set) != parts.end())
            return wanted("ids of adaptation sets and seconds, such as \"1,0.5;3,0.5\", each set "
                          "once");
        parts.push_back({.adaptation_set = *set, .duration = std::chrono::milliseconds(*duration)});
    }
    return parts;
}

} // namespace continuo::dashlive
