#include "core/dash/rules/track.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace continuo::dash::rules {
namespace {

using hls::rules::broken;
using hls::rules::content_of;
using hls::rules::outcome_of;
using hls::rules::seconds_between;
using namespace std::chrono_literals;
__extension__ using Wide = __int128;

constexpr auto asked_after = 20ms; // so that a request does not come before the instant
constexpr auto asked_before_gone = 300ms;
constexpr auto least_time_before = 400ms; // a request may take that, and still be early
constexpr std::size_t newest_at_start = 5;
constexpr std::size_t most_new = 100; // that the clock brings between two looks
constexpr std::size_t again_at_end = 2;
constexpr std::size_t most_records = 10'000; // of a run that takes days

/// Whether a/one and b/other differ: by more than a unit of the coarser clock, where there are two.
bool is_apart(Wide a, std::uint32_t one, Wide b, std::uint32_t other) noexcept {
    auto const difference = a * other - b * one;
    auto const allowed = one == other ? Wide{0} : Wide{std::max(one, other)};
    return difference > allowed || difference < -allowed;
}

double seconds(Wide units, std::uint32_t timescale) noexcept {
    return static_cast<double>(units) / timescale;
}

} // namespace

void Track::look(Strand const& strand, WallTime now) {
    timescale_ = strand.representation().addressing.timescale;
    is_timeline_ = strand.is_timeline();
    // What the clock brings is asked for when it surely is there.
    auto const most = newest_ && !is_timeline_ ? most_new : most_segments;
    auto const segments = strand.segments(is_timeline_ ? now : now - asked_after, most);
    wake_.reset();
    if (!segments || segments->empty()) return;
    if (!newest_)
        plan_first(strand, *segments, now);
    else
        for (auto const& segment : *segments)
            if (segment.time > newest_->time) plan_fetch(strand, segment, now);
    newest_ =
        std::max(newest_.value_or(segments->back()), segments->back(),
                 [](Segment const& one, Segment const& other) { return one.time < other.time; });
    while (records_.size() > most_records)
        records_.erase(records_.begin());
    if (!strand.is_live()) return;
    if (!early_planned_) plan_early(strand, *segments, now);
    if (is_timeline_) return;
    if (auto const next = strand.next_of(segments->back()))
        wake_ = strand.available_from(*next) + asked_after;
}

/// Of what was there before, the oldest, which has to go soonest, and the newest ones; of a static
/// presentation its beginning and its end.
void Track::plan_first(Strand const& strand, std::vector<Segment> const& segments, WallTime now) {
    auto const front = strand.is_live() ? std::size_t{1} : newest_at_start;
    for (std::size_t i = 0; i < segments.size(); ++i)
        if (i < front || i + newest_at_start >= segments.size())
            plan_fetch(strand, segments[i], now);
    for (std::size_t base = 1; base < strand.representation().bases.size(); ++base)
        pending_.push_back({.purpose = Purpose::base,
                            .segment = segments.back(),
                            .base = base,
                            .due = now,
                            .limit = {}});
}

void Track::plan_fetch(Strand const& strand, Segment const& segment, WallTime due) {
    Fetch fetch{.purpose = Purpose::listed, .segment = segment, .due = due, .limit = {}};
    Record record{.segment = segment, .until = {}, .facts = {}, .content = {}};
    if (strand.is_live()) record.until = strand.available_until(segment);
    records_.insert_or_assign(segment.time, std::move(record));
    pending_.push_back(fetch);
    if (auto const until = records_.at(segment.time).until)
        pending_.push_back({.purpose = Purpose::retained,
                            .segment = segment,
                            .due = *until - asked_before_gone,
                            .limit = until});
}

/// Once, for the segment behind the newest: where it is known how long that will be, and there is
/// time left to ask.
void Track::plan_early(Strand const& strand, std::vector<Segment> const& segments, WallTime now) {
    auto const& last = segments.back();
    auto const next = strand.next_of(last);
    if (!next) return;
    auto const available = strand.available_from(*next);
    if (is_timeline_) {
        if (segments.size() < 2) return;
        auto const before = segments[segments.size() - 2].duration;
        auto const difference = std::max(before, last.duration) - std::min(before, last.duration);
        if (difference > last.duration / 10) return;
    }
    if (available - now < least_time_before) return;
    early_planned_ = true;
    pending_.push_back(
        {.purpose = Purpose::early, .segment = *next, .due = now, .limit = available});
}

std::vector<Fetch> Track::take_due(WallTime now, bool everything) {
    std::vector<Fetch> due;
    std::erase_if(pending_, [&](Fetch const& fetch) {
        if (fetch.due > now) return false;
        // What comes too late to be judged need not be asked for.
        if (!fetch.limit || now < *fetch.limit) due.push_back(fetch);
        return true;
    });
    if (everything) {
        std::size_t count = 0;
        std::erase_if(pending_, [&](Fetch const& fetch) {
            if (fetch.purpose != Purpose::retained || count >= again_at_end) return false;
            due.push_back(fetch);
            ++count;
            return true;
        });
    }
    return due;
}

std::optional<WallTime> Track::next_due() const noexcept {
    auto next = wake_;
    for (auto const& fetch : pending_)
        if (!next || fetch.due < *next) next = fetch.due;
    return next;
}

Remarks Track::saw(Fetch const& fetch, Response const& response, WallTime asked, WallTime at,
                   Result<SegmentFacts> const& facts) {
    Remarks remarks;
    auto const time = fetch.segment.time;
    bool const is_there = response.status >= 200 && response.status < 300;
    switch (fetch.purpose) {
    case Purpose::listed: return saw_listed(fetch, response, facts);
    case Purpose::base:
        if (!response.ok())
            broken(remarks, 12,
                   fmt::format("segment {} at base URL {} answered {}", time, fetch.base + 1,
                               outcome_of(response)));
        return remarks;
    case Purpose::early: {
        auto const early = *fetch.limit - at;
        if (is_there && early > clock_tolerance)
            broken(remarks, 5,
                   fmt::format("segment {} was there {:.3f} s before it is available", time,
                               seconds_between(at, *fetch.limit)));
        return remarks;
    }
    case Purpose::retained: break;
    }
    auto const record = records_.find(time);
    if (record == records_.end() || !record->second.content) return remarks;
    if (!response.ok()) {
        if (!fetch.limit || asked < *fetch.limit - clock_tolerance)
            broken(remarks, 5,
                   fmt::format("segment {} answered {} while it is in the time-shift buffer", time,
                               outcome_of(response)));
    } else if (content_of(response.body) != *record->second.content) {
        broken(remarks, 5, fmt::format("segment {} has other bytes than before", time));
    }
    return remarks;
}

Remarks Track::saw_listed(Fetch const& fetch, Response const& response,
                          Result<SegmentFacts> const& facts) {
    Remarks remarks;
    auto const time = fetch.segment.time;
    if (!response.ok()) {
        broken(remarks, 5, fmt::format("segment {} answered {}", time, outcome_of(response)));
        return remarks;
    }
    auto const known = records_.find(time);
    if (known == records_.end()) return remarks;
    auto& record = known->second;
    record.content = content_of(response.body);
    if (!facts) {
        broken(remarks, 6,
               fmt::format("segment {} can't be read: {}", time, to_text(facts.error())));
        return remarks;
    }
    record.facts = *facts;
    hls::rules::append(remarks, check_times(record));
    if (known != records_.begin())
        hls::rules::append(remarks, check_neighbours(std::prev(known)->second, record));
    if (std::next(known) != records_.end())
        hls::rules::append(remarks, check_neighbours(record, std::next(known)->second));
    return remarks;
}

Remarks Track::check_times(Record const& record) const {
    Remarks remarks;
    auto const& facts = *record.facts;
    auto const& segment = record.segment;
    if (!facts.decode_begin) return remarks; // no fragments
    auto const shown = facts.decode_begin_units + facts.edit_units;
    if (!is_timeline_) {
        // Numbers tell the time within half a segment (ISO/IEC 23009-1 §7.2.1).
        auto const off = Wide{shown} * timescale_ - Wide{segment.time} * facts.timescale;
        if (2 * (off < 0 ? -off : off) > Wide{segment.duration} * facts.timescale)
            broken(
                remarks, 6,
                fmt::format("segment {} begins at {:.3f} s of its media, {:.3f} s off its number",
                            segment.number, seconds(shown, facts.timescale),
                            seconds(off, timescale_) / facts.timescale));
        return remarks;
    }
    // What an edit list leaves out in front, as encoders of sound need it, is not shown.
    auto const cut = facts.edit_units < 0 && shown < 0 ? std::min(-shown, -facts.edit_units) : 0;
    auto const length = facts.decode_duration_units - cut;
    // Players show pictures in another order than they come in: either time may be meant.
    if (is_apart(shown + cut, facts.timescale, segment.time, timescale_) &&
        is_apart(facts.begin_units, facts.timescale, segment.time, timescale_))
        broken(remarks, 6,
               fmt::format("segment {} begins at {} of {} units a second", segment.time,
                           shown + cut, facts.timescale));
    if (is_apart(length, facts.timescale, segment.duration, timescale_))
        broken(remarks, 6,
               fmt::format("segment {} lasts {} units, its samples {} of {} units a second",
                           segment.time, segment.duration, length, facts.timescale));
    return remarks;
}

Remarks Track::check_neighbours(Record const& record, Record const& next) const {
    Remarks remarks;
    if (!record.facts || !next.facts || !record.facts->decode_begin || !next.facts->decode_begin ||
        record.facts->timescale != next.facts->timescale ||
        record.segment.time + record.segment.duration != next.segment.time)
        return remarks;
    auto const end = record.facts->decode_begin_units + record.facts->decode_duration_units;
    if (auto const gap = next.facts->decode_begin_units - end; gap != 0)
        broken(remarks, 6,
               fmt::format("between segments {} and {} there is {} of {} units",
                           record.segment.time, next.segment.time, gap > 0 ? "a gap" : "an overlap",
                           std::abs(gap)));
    return remarks;
}

} // namespace continuo::dash::rules
