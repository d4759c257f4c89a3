// What the rules need of an MPD: periods, representations and how their segments are addressed, all
// that is inherited filled in.
#pragma once

#include "core/dash/date_time.hpp"
#include "core/dash/element.hpp"
#include "core/dash/segment_template.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace continuo::dash::rules {

using std::chrono::milliseconds;

/// BaseURLs from the MPD down to a representation; each is to be resolved against what the ones
/// before it give (RFC 3986 §5).
using BaseUrls = std::vector<std::string>;

struct Representation {
    std::string id{};
    std::uint64_t bandwidth_bps{};
    SegmentTemplate addressing{};
    std::vector<BaseUrls> bases{}; ///< alternatives, at least one; an empty one is the MPD's own
    milliseconds ahead{};          ///< availabilityTimeOffset
    /// Why its segments are not looked at; empty when they are.
    std::string unknown{};
};

struct Period {
    std::string id{}; ///< empty where it has none
    milliseconds start{};
    std::optional<milliseconds> duration{}; ///< its own, or up to the next one's start
    bool is_remote{false};                  ///< it lies elsewhere (xlink)
    std::vector<Representation> representations{};
};

/// UTCTiming.
struct Timing {
    std::string scheme;
    std::string value;

    friend bool operator==(Timing const&, Timing const&) = default;
};

struct Presentation {
    bool is_live{false}; ///< @type="dynamic"
    std::optional<DateTime> availability_start{};
    std::optional<DateTime> publish_time{};
    std::optional<milliseconds> update_period{}; ///< minimumUpdatePeriod
    std::optional<milliseconds> buffer_depth{};  ///< timeShiftBufferDepth
    std::optional<milliseconds> duration{};      ///< mediaPresentationDuration
    std::vector<Timing> timings{};
    std::vector<std::string> locations{};
    std::string patch_location{}; ///< empty where there is none
    std::vector<Period> periods{};
};

/// `root`: of an MPD. Segments that are addressed by anything but a SegmentTemplate, and periods
/// that lie elsewhere (xlink), are `unknown`.
/// Errors, with what was read: `Errc::malformed`, `Errc::out_of_range`, `Errc::unsupported`, as the
/// parsers of the parts say; `Errc::malformed` for another root, and for no period.
/// Spec: ISO/IEC 23009-1 §5.3.
Result<Presentation> presentation_of(Element const& root);

/// What `element` says of `name`; empty where it says nothing.
std::string attribute(Element const& element, std::string_view name);

} // namespace continuo::dash::rules
