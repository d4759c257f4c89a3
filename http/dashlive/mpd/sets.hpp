// The AdaptationSets of one Period: those of the asset's MPD, and subtitles that are made up. Pure.
#pragma once

#include "core/dash/element.hpp"
#include "http/dashlive/mpd/input.hpp"
#include "http/dashlive/mpd/periods.hpp"

#include <vector>

namespace continuo::dashlive {

/// Errors: as `segment_template_of` has them; 400 where what is encrypted already shall be again.
Answer<std::vector<dash::Element>> sets_of(MpdInput const& input, PeriodPlan const& plan);

} // namespace continuo::dashlive
