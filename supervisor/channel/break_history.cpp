#include "supervisor/channel/break_history.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace continuo::supervisor {
namespace {

using contract::BreakState;
using timeline::BreakMark;

/// "30", "13.4": as people write seconds.
template <class Duration>
std::string seconds_text(Duration duration) {
    auto const tenths =
        std::chrono::round<std::chrono::duration<std::int64_t, std::deci>>(duration);
    return tenths.count() % 10 == 0
               ? fmt::format("{} s", tenths.count() / 10)
               : fmt::format("{}.{} s", tenths.count() / 10, tenths.count() % 10);
}

} // namespace

BreakHistory::BreakHistory(std::vector<contract::TimelineSegment> const& listed) {
    for (auto const& segment : listed)
        for (auto const& mark : segment.breaks)
            (void)note(segment.number, mark); // was logged then
}

std::string BreakHistory::note(std::uint64_t number, BreakMark const& mark) {
    auto& entry = entry_of(mark);
    if (mark.kind != BreakMark::Kind::in)
        return fmt::format("break {} begins with segment {} ({})", entry.event_id, number,
                           entry.planned ? seconds_text(*entry.planned) + " planned"
                                         : "until its end is told");
    entry.end = mark.end_date;
    return fmt::format("break {} ends with segment {}{} after {}", entry.event_id, number,
                       mark.in ? "" : " by itself", seconds_text(mark.elapsed));
}

std::string BreakHistory::remark(contract::WallTime now) const {
    if (latest_.empty() || latest_.front().end || !latest_.front().planned) return {};
    auto const& open = latest_.front();
    auto const planned = std::chrono::round<std::chrono::microseconds>(*open.planned);
    if (now < open.start + planned + patience) return {};
    return fmt::format(
        "break {} was planned for {} and has not ended; end it with continuo cue --in",
        open.event_id, seconds_text(*open.planned));
}

BreakState& BreakHistory::entry_of(BreakMark const& mark) {
    auto const known = std::ranges::find_if(latest_, [&](BreakState const& state) {
        return state.event_id == mark.out.event_id && state.first_number == mark.first_number;
    });
    if (known != latest_.end()) return *known;
    latest_.insert(latest_.begin(), {.event_id = mark.out.event_id,
                                     .first_number = mark.first_number,
                                     .start = mark.start_date,
                                     .planned = mark.out.planned});
    if (latest_.size() > limit) latest_.pop_back();
    return latest_.front();
}

} // namespace continuo::supervisor
