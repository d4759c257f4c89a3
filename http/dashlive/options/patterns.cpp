// The values of options that are small languages of their own: faults and patterns of traffic.
#include "http/dashlive/options/values.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

namespace continuo::dashlive {
namespace {

constexpr char const* faults_wanted =
    "up to 50 of {cycle:SECONDS,rsq:SEGMENT,code:STATUS,rep:PART_OF_AN_ID} in [], with ',' "
    "between; "
    "SECONDS 1 to 86400, SEGMENT from 0 on, STATUS 400 to 599, rsq and rep may be left out";

std::optional<std::int64_t> number_within(std::string_view text, Bounds bounds) {
    auto const number = parse_integer(text, bounds, {});
    return number ? std::optional(*number) : std::nullopt;
}

std::string_view trimmed(std::string_view text) noexcept {
    while (text.starts_with(' '))
        text.remove_prefix(1);
    while (text.ends_with(' '))
        text.remove_suffix(1);
    return text;
}

/// What a fault may have, each once.
struct FaultFields {
    std::optional<std::string_view> cycle, segment, status, representation;
};

std::optional<FaultFields> fields_of(std::string_view text) {
    FaultFields fields;
    for (auto const piece : pieces_of(text, ',')) {
        auto const colon = piece.find(':');
        if (colon == std::string_view::npos) return std::nullopt;
        auto const name = trimmed(piece.substr(0, colon));
        auto* const field = name == "cycle"  ? &fields.cycle
                            : name == "rsq"  ? &fields.segment
                            : name == "code" ? &fields.status
                            : name == "rep"  ? &fields.representation
                                             : nullptr;
        if (field == nullptr || *field) return std::nullopt;
        *field = trimmed(piece.substr(colon + 1));
    }
    return fields;
}

std::optional<StatusFault> fault_of(std::string_view text) {
    constexpr Bounds cycles{1, 86'400}, segments{0, 86'400'000}, statuses{400, 599};
    auto const fields = fields_of(text);
    if (!fields) return std::nullopt;
    auto const cycle = number_within(fields->cycle.value_or(""), cycles);
    auto const segment = number_within(fields->segment.value_or("0"), segments);
    auto const status = number_within(fields->status.value_or(""), statuses);
    auto const representation = fields->representation.value_or("*");
    if (!cycle || !segment || !status || representation.empty()) return std::nullopt;
    return StatusFault{.cycle = std::chrono::seconds(*cycle),
                       .segment = *segment,
                       .status = static_cast<unsigned>(*status),
                       .representation = representation == "*" ? "" : std::string(representation)};
}

/// Takes "{...}" off the front of `text`.
std::optional<std::string_view> next_object(std::string_view& text) noexcept {
    auto const end = text.find('}');
    if (!text.starts_with('{') || end == std::string_view::npos) return std::nullopt;
    auto const object = text.substr(1, end - 1);
    text = trimmed(text.substr(end + 1));
    return object;
}

std::optional<TrafficSpan::State> state_of(char letter) noexcept {
    switch (letter) {
    case 'u': return TrafficSpan::State::up;
    case 'd': return TrafficSpan::State::down;
    case 's': return TrafficSpan::State::slow;
    case 'h': return TrafficSpan::State::hanging;
    default: return std::nullopt;
    }
}

/// "u20".
std::optional<TrafficSpan> span_of(std::string_view text) {
    constexpr Bounds lengths{1, 86'400};
    if (text.empty()) return std::nullopt;
    auto const state = state_of(text.front());
    auto const length = number_within(text.substr(1), lengths);
    if (!state || !length) return std::nullopt;
    return TrafficSpan{.state = *state, .length = std::chrono::seconds(*length)};
}

/// "u20d10".
std::optional<TrafficPattern> pattern_of(std::string_view text) {
    constexpr std::size_t most = 100;
    TrafficPattern pattern;
    while (!text.empty() && pattern.size() < most) {
        auto const length = std::min(text.find_first_of("udsh", 1), text.size());
        auto const span = span_of(text.substr(0, length));
        if (!span) return std::nullopt;
        pattern.push_back(*span);
        text.remove_prefix(length);
    }
    if (pattern.empty() || !text.empty()) return std::nullopt;
    return pattern;
}

} // namespace

Parsed<std::vector<StatusFault>> parse_status_faults(std::string_view text) {
    constexpr std::size_t most = 50;
    text = trimmed(text);
    if (!text.starts_with('[') || !text.ends_with(']') || text.size() < 2)
        return wanted(faults_wanted);
    text = trimmed(text.substr(1, text.size() - 2));
    std::vector<StatusFault> faults;
    for (;;) {
        auto const object = next_object(text);
        auto fault = object ? fault_of(*object) : std::nullopt;
        if (!fault || faults.size() == most) return wanted(faults_wanted);
        faults.push_back(std::move(*fault));
        if (text.empty()) return faults;
        if (!text.starts_with(',')) return wanted(faults_wanted);
        text = trimmed(text.substr(1));
    }
}

Parsed<std::vector<TrafficPattern>> parse_traffic(std::string_view text) {
    constexpr std::size_t most = 20;
    auto const pieces = pieces_of(text, ',');
    std::vector<TrafficPattern> patterns;
    for (auto const piece : pieces) {
        auto pattern = pattern_of(piece);
        if (!pattern || pieces.size() > most)
            return wanted("up to 20 patterns such as \"u20d10,u10s5\": u up, d down, s slow, h "
                          "hanging, each for 1 to 86400 s");
        patterns.push_back(std::move(*pattern));
    }
    return patterns;
}

Parsed<TrafficPattern> parse_minute(std::string_view text) {
    constexpr std::chrono::seconds minute{60};
    constexpr char const* all =
        "a pattern such as \"u40_d20\" that fills a minute: u up, d down, s slow, h hanging, each "
        "for so many seconds";
    TrafficPattern pattern;
    std::chrono::seconds length{};
    for (auto const piece : pieces_of(text, '_')) {
        auto const span = span_of(piece);
        if (!span || pattern.size() == 60) return wanted(all);
        pattern.push_back(*span);
        length += span->length;
    }
    if (length > minute || minute % length != std::chrono::seconds{0}) return wanted(all);
    return pattern;
}

} // namespace continuo::dashlive
