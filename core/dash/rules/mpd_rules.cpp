#include "core/dash/rules/mpd_rules.hpp"

#include "core/dash/rules/segments.hpp"
#include "core/hls/rules/observation.hpp"
#include "core/hls/value.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace continuo::dash::rules {
namespace {

using hls::rules::seconds_between;
using hls::rules::Weight;
using namespace std::chrono_literals;

/// Collects remarks about one MPD.
class Notes {
public:
    template <class... Values>
    void broken(int rule, fmt::format_string<Values...> format, Values&&... values) {
        remarks_.push_back(
            {rule, Weight::broken, fmt::format(format, std::forward<Values>(values)...)});
    }
    Remarks take() { return std::move(remarks_); }

private:
    Remarks remarks_;
};

class Inspection {
public:
    Inspection(Presentation const& mpd, Moment moment)
        : mpd_(mpd), now_(moment.at), asked_(moment.asked) {}

    Remarks run() {
        check_header();
        std::set<std::string> ids;
        for (auto const& period : mpd_.periods) {
            if (mpd_.is_live && period.id.empty())
                notes_.broken(7, "the period at {:.3f} s has no id",
                              std::chrono::duration<double>(period.start).count());
            else if (!period.id.empty() && !ids.insert(period.id).second)
                notes_.broken(7, "two periods have the id {}", period.id);
            for (auto const& representation : period.representations)
                if (representation.unknown.empty())
                    check(Strand(mpd_, period, representation), name_of(period, representation));
        }
        return notes_.take();
    }

private:
    void check_header() {
        if (!mpd_.is_live) {
            if (mpd_.update_period) notes_.broken(9, "a static MPD has minimumUpdatePeriod");
            if (!mpd_.duration && !mpd_.periods.back().duration)
                notes_.broken(9, "a static MPD has no mediaPresentationDuration");
            return;
        }
        if (!mpd_.availability_start)
            notes_.broken(8, "a dynamic MPD has no availabilityStartTime");
        if (!mpd_.publish_time)
            notes_.broken(1, "a dynamic MPD has no publishTime");
        else if (WallTime(*mpd_.publish_time) > now_ + clock_tolerance)
            notes_.broken(1, "publishTime {} lies {:.3f} s ahead", to_text(*mpd_.publish_time),
                          seconds_between(now_, *mpd_.publish_time));
        if (mpd_.update_period && *mpd_.update_period <= 0ms)
            notes_.broken(2, "minimumUpdatePeriod is {}", to_text(*mpd_.update_period));
    }

    void check(Strand const& strand, std::string const& name) {
        if (!strand.is_timeline()) return;
        auto const segments = strand.segments(now_, most_segments);
        if (!segments) {
            notes_.broken(3, "{}: {}", name, segments.error().context);
            return;
        }
        if (segments->empty()) {
            notes_.broken(7, "{}: an empty SegmentTimeline", name);
            return;
        }
        if (mpd_.is_live) check_window(strand, name, *segments);
    }

    void check_window(Strand const& strand, std::string const& name,
                      std::vector<Segment> const& segments) {
        auto const& first = segments.front();
        auto const& last = segments.back();
        auto const& period = strand.period();
        auto const period_start =
            WallTime(mpd_.availability_start.value_or(DateTime{})) + period.start;
        if (mpd_.buffer_depth) {
            auto const begin = std::max(now_ - *mpd_.buffer_depth, period_start);
            // The period may begin within a segment, and the next one of the buffer be the first.
            auto const late = seconds_between(begin + clock_tolerance, strand.start_of(first));
            auto const length = seconds_between(strand.start_of(first), strand.end_of(first));
            if (late > (begin == period_start ? length : 0))
                notes_.broken(4,
                              "{}: the first segment begins {:.3f} s behind the time-shift "
                              "buffer's begin",
                              name, late);
        }
        if (strand.available_from(last) > now_ + clock_tolerance)
            notes_.broken(4, "{}: segment {} is listed {:.3f} s before it is available", name,
                          last.time, seconds_between(now_, strand.available_from(last)));
        auto const next = strand.next_of(last);
        if (!next || !mpd_.update_period) return;
        // Half a segment late: durations may differ by as much.
        auto const length = strand.end_of(last) - strand.start_of(last);
        if (asked_ > strand.available_from(*next) + length / 2 + clock_tolerance)
            notes_.broken(2,
                          "{}: the segment behind {} was available {:.3f} s ago and is not listed",
                          name, last.time, seconds_between(strand.available_from(*next), asked_));
    }

    Presentation const& mpd_;
    WallTime const now_;
    WallTime const asked_;
    Notes notes_;
};

Period const* find_period(Presentation const& mpd, std::string_view id) {
    auto const found = std::ranges::find(mpd.periods, id, &Period::id);
    return found == mpd.periods.end() ? nullptr : &*found;
}

Representation const* find_representation(Period const& period, std::string_view id) {
    auto const found = std::ranges::find(period.representations, id, &Representation::id);
    return found == period.representations.end() ? nullptr : &*found;
}

class Comparison {
public:
    Comparison(Version const& before, Version const& after)
        : before_(before.presentation)
        , after_(after.presentation)
        , old_root_(before.root)
        , new_root_(after.root) {}

    Remarks run() {
        check_publish_time();
        if (before_.availability_start != after_.availability_start && after_.is_live)
            notes_.broken(8, "availabilityStartTime went from {} to {}",
                          text_of(before_.availability_start), text_of(after_.availability_start));
        if (!before_.is_live && after_.is_live)
            notes_.broken(9, "a static MPD became dynamic again");
        for (auto const& period : before_.periods)
            if (auto const* const now = find_period(after_, period.id); now && !period.id.empty())
                compare(period, *now);
        return notes_.take();
    }

private:
    static std::string text_of(std::optional<DateTime> const& time) {
        return time ? to_text(*time) : std::string("none");
    }

    /// Without what tells the time of the answer itself.
    static Element essence(Element root) {
        root.remove_attribute("publishTime");
        std::erase_if(root.children, [](Element const& child) {
            return local_name(child.name) == "UTCTiming" ||
                   local_name(child.name) == "PatchLocation";
        });
        return root;
    }

    void check_publish_time() {
        if (!before_.publish_time || !after_.publish_time) return;
        auto const old = *before_.publish_time, now = *after_.publish_time;
        bool const is_same = essence(old_root_) == essence(new_root_);
        if (now < old)
            notes_.broken(1, "publishTime went from {} back to {}", to_text(old), to_text(now));
        else if (now == old && !is_same)
            notes_.broken(1, "the MPD changed, publishTime {} did not", to_text(now));
        else if (now > old && is_same)
            notes_.broken(1, "publishTime went from {} to {}, nothing else changed", to_text(old),
                          to_text(now));
    }

    void compare(Period const& old, Period const& now) {
        if (old.start != now.start)
            notes_.broken(7, "period {} went from {} to {}", old.id, to_text(old.start),
                          to_text(now.start));
        if (now.is_remote) return; // what it has is told elsewhere
        for (auto const& representation : old.representations) {
            auto const* const other = find_representation(now, representation.id);
            if (!other) {
                notes_.broken(7, "{} went", name_of(now, representation));
                continue;
            }
            if (!representation.unknown.empty() || !other->unknown.empty()) continue;
            auto const name = name_of(now, *other);
            if (representation.addressing.presentation_time_offset !=
                other->addressing.presentation_time_offset)
                notes_.broken(7, "{}: presentationTimeOffset went from {} to {}", name,
                              representation.addressing.presentation_time_offset,
                              other->addressing.presentation_time_offset);
            compare(Strand(before_, old, representation), Strand(after_, now, *other), name);
        }
    }

    void compare(Strand const& old, Strand const& now, std::string const& name) {
        if (!old.is_timeline() || !now.is_timeline()) return;
        auto const was = old.segments({}, most_segments);
        auto const is = now.segments({}, most_segments);
        if (!was || !is || was->empty() || is->empty()) return;
        bool const has_numbers =
            now.representation().addressing.media.find("$Number") != std::string::npos;
        auto left = was->begin();
        auto right = is->begin();
        while (left != was->end() && right != is->end()) {
            if (left->time != right->time) {
                // In front of either list others may stand; between them nothing comes or goes.
                bool const is_gone = left->time < right->time;
                if (is_gone ? left->time >= is->front().time : right->time >= was->front().time)
                    return notes_.broken(3, "{}: the S at {} {}", name,
                                         is_gone ? left->time : right->time,
                                         is_gone ? "went" : "came");
                ++(is_gone ? left : right);
                continue;
            }
            if (left->duration != right->duration)
                return notes_.broken(3, "{}: the S at {} went from {} to {} units", name,
                                     left->time, left->duration, right->duration);
            if (has_numbers && left->number != right->number)
                return notes_.broken(3, "{}: the S at {} had the number {}, and has {}", name,
                                     left->time, left->number, right->number);
            ++left;
            ++right;
        }
        if (is->back().time < was->back().time)
            notes_.broken(3, "{}: what was listed behind {} went", name, is->back().time);
    }

    Presentation const& before_;
    Presentation const& after_;
    Element const& old_root_;
    Element const& new_root_;
    Notes notes_;
};

} // namespace

std::string name_of(Period const& period, Representation const& representation) {
    if (period.id.empty()) return representation.id;
    return fmt::format("{}/{}", period.id, representation.id);
}

Remarks check_mpd(Presentation const& mpd, Moment moment) {
    return Inspection(mpd, moment).run();
}

Remarks check_update(Version const& before, Version const& after) {
    return Comparison(before, after).run();
}

} // namespace continuo::dash::rules
