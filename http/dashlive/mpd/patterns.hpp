// A SegmentTimeline whose durations come again and again as one pattern, so that a list of sound is
// as short as one of pictures. Pure.
#pragma once

#include "core/dash/element.hpp"
#include "http/dashlive/mpd/timeline.hpp"

#include <optional>
#include <string_view>

namespace continuo::dashlive {

/// Of the EssentialProperty that a set with patterns has.
inline constexpr std::string_view pattern_scheme = "urn:mpeg:dash:pattern:2024";

/// The segments of `range`, none of which is missing, by the pattern of `cut`; nothing where that
/// is not 2 to 12 long. Spec: ISO/IEC 23009-1, 6th edition: Pattern, S@p and S@pE.
std::optional<dash::Element> pattern_timeline(Cut const& cut, timeline::IndexRange range);

} // namespace continuo::dashlive
