#include "core/scte35/sidecar.hpp"

#include "core/base/binary_text.hpp"
#include "core/scte35/blanks.hpp"
#include "core/scte35/cue_text.hpp"

#include <fmt/format.h>

namespace continuo::scte35 {
namespace {

constexpr std::int64_t ticks_per_second = Ticks90k::period::den;

Error no_number(std::string_view text) {
    return fail(Errc::malformed,
                fmt::format("insert_pts that is no number of seconds: \"{}\"", text.substr(0, 40)));
}

/// A decimal number of seconds to the nearest tick, without the detour over a double.
Result<Ticks90k> parse_insert_pts(std::string_view text) {
    constexpr auto digits = std::string_view("0123456789");
    auto const point = text.find('.');
    auto const whole = text.substr(0, point);
    auto const decimals = point == std::string_view::npos ? "" : text.substr(point + 1);
    if (whole.size() + decimals.size() == 0 ||
        whole.find_first_not_of(digits) != std::string_view::npos ||
        decimals.find_first_not_of(digits) != std::string_view::npos)
        return no_number(text);
    std::int64_t seconds = 0;
    for (auto const digit : whole) {
        seconds = seconds * 10 + (digit - '0');
        if (seconds * ticks_per_second >= clock_turn.count())
            return fail(Errc::out_of_range, fmt::format("insert_pts {}", text.substr(0, 40)));
    }
    // Nine decimals are far finer than a tick; what stands behind can't change the rounding by more
    // than a hair.
    std::int64_t nanoseconds = 0;
    std::int64_t weight = 1'000'000'000;
    for (auto const digit : decimals.substr(0, 9))
        nanoseconds += (digit - '0') * (weight /= 10);
    auto const part = (nanoseconds * ticks_per_second + 500'000'000) / 1'000'000'000;
    auto const ticks = Ticks90k{seconds * ticks_per_second + part};
    if (ticks >= clock_turn)
        return fail(Errc::out_of_range, fmt::format("insert_pts {}", text.substr(0, 40)));
    return ticks;
}

Result<decltype(SidecarLine::when)> parse_when(std::string_view text) {
    auto const is_delay = text.starts_with('+');
    auto const ticks = parse_insert_pts(is_delay ? text.substr(1) : text);
    if (!ticks) return ticks.error();
    if (is_delay) return SidecarLine::After{*ticks};
    if (*ticks == Ticks90k::zero()) return SidecarLine::Now{};
    return SidecarLine::At{*ticks};
}

/// Six decimals tell ticks apart.
struct WhenText {
    std::string operator()(SidecarLine::At at) const {
        return fmt::format("{:.6f}", seconds_of(at.time));
    }
    std::string operator()(SidecarLine::Now) const { return "0"; }
    std::string operator()(SidecarLine::After after) const {
        return fmt::format("+{:.6f}", seconds_of(after.delay));
    }
};

} // namespace

Result<std::optional<SidecarLine>> parse_sidecar_line(std::string_view line) {
    line = without_blanks(line);
    if (line.empty() || line.starts_with('#')) return std::optional<SidecarLine>{};
    auto const comma = line.find(',');
    if (comma == std::string_view::npos) {
        return fail(Errc::malformed, fmt::format("a line that is not \"insert_pts, cue\": \"{}\"",
                                                 line.substr(0, 40)));
    }
    auto when = parse_when(without_blanks(line.substr(0, comma)));
    if (!when) return when.error();
    auto cue = parse_cue_text(line.substr(comma + 1));
    if (!cue) return cue.error();
    return std::optional{SidecarLine{
        .when = *when, .section = base64_of(cue->section), .info = std::move(cue->info)}};
}

std::string to_text(SidecarLine const& line) {
    return fmt::format("{}, {}", std::visit(WhenText{}, line.when), line.section);
}

} // namespace continuo::scte35
