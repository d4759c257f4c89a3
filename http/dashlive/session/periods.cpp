#include "http/dashlive/session/periods.hpp"

#include "http/dashlive/session/span.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace continuo::dashlive {
namespace {

using std::chrono::seconds;

constexpr std::int64_t most_periods = 1000;
constexpr std::chrono::hours far_away{1000}; // where the only period of livesim1's periods_0 begins

/// The one period of a session that has no others, periods_0 included, begins there.
milliseconds only_start(Options const& options) noexcept {
    return options.periods_per_hour ? milliseconds(far_away) : milliseconds{0};
}

/// Nothing where there is one for ever.
std::optional<seconds> length_of(Options const& options) noexcept {
    auto const count = options.periods_per_hour.value_or(0);
    return count == 0 ? std::nullopt : std::optional(seconds(3600 / count));
}

/// The segment that `start`, since AST, begins with.
std::int64_t index_from(Session const& session, milliseconds start) {
    auto const& pictures = session.asset->pictures();
    auto const first = pictures.place_of(session.first_index).start;
    return pictures.index_covering(first + units_by(pictures, start));
}

Period period_at(Session const& session, std::int64_t number, seconds length) {
    milliseconds const start = number * length;
    auto const end = start + length;
    return {.number = number,
            .start = start,
            .end = end,
            .segments = {.begin = index_from(session, start), .end = index_from(session, end)},
            .is_complete = false};
}

/// livesim1 announces a period when the one in front of it is half over.
milliseconds announced_ahead(Options const& options, milliseconds length) noexcept {
    return options.dialect == Dialect::livesim1 ? length / 2 : milliseconds{0};
}

/// No period begins where the session ends, or behind it.
std::optional<std::int64_t> last_ever(Session const& session, milliseconds length) {
    if (!session.availability_end) return std::nullopt;
    return (*session.availability_end - session.availability_start - milliseconds{1}) / length;
}

struct PeriodNumbers {
    std::int64_t first{};
    std::int64_t last{};
};

PeriodNumbers numbers_by_clock(Session const& session, milliseconds length) {
    auto const changed = period_change(session).last;
    auto const oldest = std::max(changed - session.depth, milliseconds{0});
    auto const last = (changed + announced_ahead(*session.options, length)) / length;
    return {.first = oldest / length, .last = last};
}

PeriodNumbers numbers_by_list(Session const& session, timeline::IndexRange const& list,
                              seconds length) {
    auto const& pictures = session.asset->pictures();
    auto const first = pictures.place_of(session.first_index).start;
    auto const number_at = [&](std::int64_t index) {
        return (pictures.place_of(index).start - first) / (length.count() * pictures.timescale());
    };
    auto const newest = std::max(list.end - 1, list.begin);
    return {.first = number_at(list.begin), .last = number_at(newest)};
}

Refusal unaligned(Session const& session) {
    return {.status = 400,
            .detail = fmt::format("periods_{}: periods would not begin with a segment of {}: wants "
                                  "3600 / N to be whole segments",
                                  *session.options->periods_per_hour, session.asset->name)};
}

} // namespace

Answer<std::vector<Period>> periods_of(Session const& session) {
    auto const& options = *session.options;
    auto const list = listed(session);
    auto const length = length_of(options);
    if (!length) {
        auto const start = only_start(options);
        auto const begin = index_from(session, start);
        return std::vector{
            Period{.start = start, .end = {}, .segments = {begin, std::max(list.end, begin)}}};
    }
    auto const is_timeline = options.addressing != Addressing::number;
    auto const [first, last] =
        is_timeline ? numbers_by_list(session, list, *length) : numbers_by_clock(session, *length);
    if (last - first >= most_periods)
        return Refusal{.status = 400,
                       .detail = fmt::format("{} periods in the time-shift buffer: wants not more "
                                             "than {}",
                                             last - first + 1, most_periods)};
    std::vector<Period> periods;
    for (auto number = first; number <= last; ++number) {
        auto period = period_at(session, number, *length);
        period.is_complete = is_timeline ? period.segments.end <= list.end : number < last;
        periods.push_back(period);
    }
    return periods;
}

std::int64_t presentation_time_offset(Session const& session, Period const& period,
                                      std::uint32_t timescale) {
    auto const& pictures = session.asset->pictures();
    auto const start = pictures.place_of(period.segments.begin).start;
    return timeline::rescaled_up({start, pictures.timescale()}, timescale);
}

Answer<> check_periods(Session const& session) {
    auto const& options = *session.options;
    if (!options.periods_per_hour) return {};
    auto const& pictures = session.asset->pictures();
    auto const length =
        length_of(options).value_or(far_away).count() * std::int64_t{pictures.timescale()};
    // Starts of periods are all multiples of this, in the loop.
    auto const step = std::gcd(length, pictures.length());
    auto const steps = pictures.length() / step;
    if (steps > static_cast<std::int64_t>(pictures.size())) return unaligned(session);
    auto const first = pictures.place_of(session.first_index).start % pictures.length();
    for (std::int64_t count = 0; count < steps; ++count)
        if (!pictures.index_at(first + count * step)) return unaligned(session);
    return {};
}

PeriodChange period_change(Session const& session) {
    auto const length = length_of(*session.options);
    if (!length) return {};
    auto const ahead = announced_ahead(*session.options, *length);
    auto number = (session.elapsed + ahead) / milliseconds(*length);
    auto const final = last_ever(session, *length);
    number = std::min(number, final.value_or(number));
    auto const announced = [&](std::int64_t which) {
        return std::max(milliseconds(which * *length) - ahead, milliseconds{0});
    };
    PeriodChange change{.last = announced(number), .next = {}};
    if (number < final.value_or(number + 1)) change.next = announced(number + 1);
    return change;
}

} // namespace continuo::dashlive
