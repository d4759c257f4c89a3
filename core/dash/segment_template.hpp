// How an MPD says which segments there are and what they are called: SegmentTemplate with its
// SegmentTimeline, as numbers.
#pragma once

#include "core/base/result.hpp"
#include "core/dash/element.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace continuo::dash {

/// S of a SegmentTimeline, as written.
struct TimelineEntry {
    std::optional<std::uint64_t> start; ///< @t; without: where the one before ends
    std::uint64_t duration{};           ///< @d
    std::int64_t repeat{};              ///< @r; negative: up to the next @t, or the period's end

    friend bool operator==(TimelineEntry const&, TimelineEntry const&) = default;
};

struct SegmentTemplate {
    std::string media;
    std::string initialisation;
    std::uint32_t timescale{1};
    std::uint64_t presentation_time_offset{};
    std::uint64_t start_number{1};
    std::optional<std::uint64_t> end_number;
    std::optional<std::uint64_t> duration; ///< in units of the timescale
    std::optional<std::vector<TimelineEntry>> timeline;

    friend bool operator==(SegmentTemplate const&, SegmentTemplate const&) = default;
};

/// What `element` says, and, where that says nothing, `inherited` (of the adaptation set, of the
/// period): each attribute for itself.
/// Errors, naming element, attribute and value: `Errc::malformed` for what is no number, for a
/// timescale or a duration of 0, for S without @d.
/// Spec: ISO/IEC 23009-1 §5.3.9.1 (inheritance), §5.3.9.4 and §5.3.9.6.
Result<SegmentTemplate> parse_segment_template(Element const& element,
                                               SegmentTemplate const& inherited);

/// A segment as a timeline lists it; in units of the timescale.
struct TimelineSegment {
    std::uint64_t start{};
    std::uint64_t duration{};

    friend bool operator==(TimelineSegment const&, TimelineSegment const&) = default;
};

/// All segments of `timeline`, whose durations are more than 0. `end`: of the period, on the
/// timeline's own clock, for a last
/// @r="-1"; the last of these may be longer than what is left.
/// Errors: `Errc::out_of_range` for more than a million segments and for times beyond 2^62;
/// `Errc::malformed` where an @r="-1" has nothing that ends it, or S overlap.
Result<std::vector<TimelineSegment>> segments_of(std::vector<TimelineEntry> const& timeline,
                                                 std::optional<std::uint64_t> end);

/// What stands for the identifiers of a template.
struct SegmentName {
    std::string_view representation_id;
    std::uint64_t bandwidth_bps{};
    std::uint64_t number{};
    std::uint64_t time{};
};

/// `text` with its identifiers replaced: "$RepresentationID$/$Number%05d$.m4s" -> "v/00007.m4s".
/// Errors, with the template: `Errc::malformed` for one `$`, for an unknown identifier or width
/// (up to 20). Spec: ISO/IEC 23009-1 §5.3.9.4.4.
Result<std::string> expanded(std::string_view text, SegmentName const& name);

} // namespace continuo::dash
