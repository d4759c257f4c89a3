// Rule D10: what an MPD names as the source of time.
#pragma once

#include "core/dash/rules/presentation.hpp"
#include "core/hls/rules/finding.hpp"
#include "core/hls/rules/observation.hpp"

#include <chrono>
#include <optional>

namespace continuo::dash::rules {

/// How a UTCTiming is asked.
enum class TimeSource : std::uint8_t {
    other,     ///< NTP and the like: not asked
    direct,    ///< the MPD says it
    http_head, ///< the Date of an answer to HEAD
    http_text, ///< the body of an answer to GET: xs:dateTime or ISO 8601
};
TimeSource source_of(Timing const& timing) noexcept;

struct TimeCheck {
    hls::rules::Remarks remarks;
    /// How far the server's clock is ahead of ours; nothing where that could not be told.
    std::optional<std::chrono::microseconds> offset{};
};

/// The answer to `timing`; of a `direct` one that which brought the MPD. It can be read, and it is
/// within 100 ms of what the same answer has for a Date, which tells whole seconds only.
TimeCheck check_time(Timing const& timing, hls::rules::Response const& response);

} // namespace continuo::dash::rules
