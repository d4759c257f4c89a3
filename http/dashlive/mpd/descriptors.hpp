// What an AdaptationSet says beside its segments: properties, events, protection, clocks. Pure.
#pragma once

#include "core/dash/element.hpp"
#include "http/dashlive/mpd/input.hpp"
#include "http/dashlive/mpd/periods.hpp"

namespace continuo::dashlive {

/// Adds to `set`, whose SegmentTemplate is the session's already, what the options ask for.
/// `track`: the first of it.
void describe_set(dash::Element& set, Track const& track, MpdInput const& input,
                  PeriodPlan const& plan);

/// Whether clients are told how far behind the live edge to play.
bool has_latency_target(Session const& session) noexcept;

} // namespace continuo::dashlive
