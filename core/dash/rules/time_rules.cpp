#include "core/dash/rules/time_rules.hpp"

#include "core/hls/value.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>
#include <utility>

namespace continuo::dash::rules {
namespace {

using hls::WallTime;
using hls::rules::broken;
using hls::rules::Response;
using namespace std::chrono_literals;

constexpr auto tolerance = 100ms;
constexpr auto longest_round_trip = 1s; // for an offset that is of use

std::string_view trimmed(std::string_view text) noexcept {
    auto const first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

/// "Sat, 21 Nov 2026 14:03:22 GMT" (RFC 9110 §5.6.7; the older forms are not met any more).
std::optional<WallTime> http_date(std::string_view text) {
    static constexpr std::array<std::string_view, 12> months{
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    if (text.size() != std::string_view("Sat, 21 Nov 2026 14:03:22 GMT").size())
        return std::nullopt;
    auto const month = std::ranges::find(months, text.substr(8, 3));
    if (month == months.end()) return std::nullopt;
    return hls::parse_date(fmt::format("{}-{:02}-{}T{}Z", text.substr(12, 4),
                                       month - months.begin() + 1, text.substr(5, 2),
                                       text.substr(17, 8)));
}

std::optional<WallTime> time_in(Timing const& timing, Response const& response) {
    switch (source_of(timing)) {
    case TimeSource::direct: return hls::parse_date(trimmed(timing.value));
    case TimeSource::http_text: return hls::parse_date(trimmed(response.body));
    case TimeSource::http_head: {
        auto const date = response.header("Date");
        return date ? http_date(*date) : std::nullopt;
    }
    case TimeSource::other: break;
    }
    return std::nullopt;
}

} // namespace

TimeSource source_of(Timing const& timing) noexcept {
    static constexpr std::array<std::pair<std::string_view, TimeSource>, 4> known{
        {{"urn:mpeg:dash:utc:direct:", TimeSource::direct},
         {"urn:mpeg:dash:utc:http-head:", TimeSource::http_head},
         {"urn:mpeg:dash:utc:http-xsdate:", TimeSource::http_text},
         {"urn:mpeg:dash:utc:http-iso:", TimeSource::http_text}}};
    for (auto const& [scheme, source] : known)
        if (timing.scheme.starts_with(scheme)) return source;
    return TimeSource::other;
}

TimeCheck check_time(Timing const& timing, Response const& response) {
    TimeCheck check;
    if (!response.ok()) {
        broken(check.remarks, 10,
               fmt::format("UTCTiming {} answered {}", timing.value, outcome_of(response)));
        return check;
    }
    auto const time = time_in(timing, response);
    if (!time) {
        broken(check.remarks, 10, fmt::format("UTCTiming {} tells no time", timing.value));
        return check;
    }
    auto const header = response.header("Date");
    auto const date = header ? http_date(*header) : std::nullopt;
    if (date && (*time < *date - tolerance || *time > *date + 1s + tolerance))
        broken(check.remarks, 10,
               fmt::format("UTCTiming {} says {}, Date {}", timing.value, hls::date_text(*time),
                           hls::date_text(*date)));
    // A Date in whole seconds sets no clock.
    bool const is_exact = source_of(timing) != TimeSource::http_head;
    if (is_exact && response.at - response.asked < longest_round_trip)
        check.offset = *time - (response.asked + (response.at - response.asked) / 2);
    return check;
}

} // namespace continuo::dash::rules
