#include "http/dashlive/mpd/periods.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace continuo::dashlive {
namespace {

using timeline::IndexRange;

/// Periods that an option names by how many there are of them an hour: every so many.
bool is_one_of(std::int64_t number, std::optional<std::uint32_t> per_hour,
               Options const& options) noexcept {
    if (!per_hour || !options.periods_per_hour) return false;
    auto const every = std::max<std::int64_t>(*options.periods_per_hour / *per_hour, 1);
    return number % every == 0;
}

/// Where a Period ends before its time: with half of it left to the next one, or what the options
/// say.
std::optional<milliseconds> early_end_of(Period const& period, Options const& options) {
    if (!period.end || !is_one_of(period.number, options.early_terminations_per_hour, options))
        return std::nullopt;
    auto const whole = *period.end - period.start;
    auto const rest =
        options.early_termination ? milliseconds(*options.early_termination) : whole / 2;
    return rest < whole ? std::optional(rest) : std::nullopt;
}

bool is_remote(Period const& period, Options const& options) noexcept {
    if (!options.xlinks_per_hour) return false;
    return options.dialect == Dialect::livesim1
               ? is_one_of(period.number, options.xlinks_per_hour, options)
               : period.is_complete;
}

/// The segments of a Period that begin in front of `duration`.
IndexRange shortened(Session const& session, Period const& period, milliseconds duration) {
    auto const& pictures = session.asset->pictures();
    auto const start = pictures.place_of(period.segments.begin).start;
    auto const length = timeline::rescaled_up({duration.count(), 1000}, pictures.timescale());
    auto const last = pictures.index_covering(start + length - 1);
    return {.begin = period.segments.begin, .end = std::min(last + 1, period.segments.end)};
}

IndexRange common(IndexRange left, IndexRange right) noexcept {
    auto const begin = std::max(left.begin, right.begin);
    return {.begin = begin, .end = std::max(begin, std::min(left.end, right.end))};
}

PeriodPlan plan_of(Session const& session, Period const& period, IndexRange list) {
    auto const& options = *session.options;
    PeriodPlan plan{.period = period,
                    .duration = early_end_of(period, options),
                    .listed = {},
                    .has_callback = is_one_of(period.number, options.callbacks_per_hour, options)};
    if (plan.duration) plan.period.segments = shortened(session, period, *plan.duration);
    plan.listed = common(plan.period.segments, list);
    plan.is_advertisement =
        period.end && is_one_of(period.number, options.advertisements_per_hour, options);
    plan.is_remote = plan.is_advertisement || is_remote(period, options);
    return plan;
}

} // namespace

Answer<std::vector<PeriodPlan>> period_plans_of(Session const& session) {
    auto const periods = periods_of(session);
    if (!periods) return periods.error();
    auto const list = listed(session);
    std::vector<PeriodPlan> plans;
    plans.reserve(periods->size());
    for (auto const& period : *periods)
        plans.push_back(plan_of(session, period, list));
    if (session.options->addressing == Addressing::number) return plans;

    // A SegmentTimeline is never empty; one whose segments have all gone says so by its last.
    auto const last = plans.back();
    std::erase_if(plans, [](auto const& plan) { return plan.listed.begin == plan.listed.end; });
    if (!plans.empty()) return plans;
    plans.push_back(last);
    auto& segments = plans.back().period.segments;
    if (list.begin < list.end && segments.begin < segments.end)
        plans.back().listed = {.begin = segments.end - 1, .end = segments.end};
    return plans;
}

} // namespace continuo::dashlive
