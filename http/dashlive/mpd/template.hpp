// The SegmentTemplate of a set or Representation in one Period: numbers, durations and timelines.
// Pure.
#pragma once

#include "core/dash/element.hpp"
#include "http/dashlive/mpd/periods.hpp"
#include "http/dashlive/mpd/timeline.hpp"
#include "http/dashlive/session/session.hpp"

#include <cstdint>
#include <optional>

namespace continuo::dashlive {

/// What a SegmentTemplate is made of.
struct TemplateInput {
    Session const& session;
    PeriodPlan const& plan;
    /// With @media and @initialization, and @timescale and @duration where the asset's MPD has
    /// them.
    dash::Element const& original;
    Content content{};
    Cut cut;
    /// Of segments that are served in parts, how long one is.
    std::optional<milliseconds> part;
    bool has_parts{false};
};

/// Errors: 400 where the segments have no exact mean duration, or the timeline is too long.
Answer<dash::Element> segment_template_of(TemplateInput const& input);

} // namespace continuo::dashlive
