// Representations whose segments have no template: SegmentList, and single files with SegmentBase.
// For asset_plan.cpp. Pure.
#pragma once

#include "http/dashlive/asset/plan.hpp"

namespace continuo::dashlive {

/// Plans header and segments of `track`, whose files are seen from `base`, and gives it names of
/// our own: "ID/init.mp4", "ID/$Number$.m4s". `segments`: the SegmentList or SegmentBase, null
/// where there is nothing but a BaseURL, which is then the file. The SegmentTemplate that stands
/// for it in the MPD that is served. Spec: ISO/IEC 23009-1 §5.3.9.2, §5.3.9.3.
storage::Accepted<dash::Element> plan_parts(PlannedTrack& track, std::string const& base,
                                            dash::Element const* segments);

} // namespace continuo::dashlive
