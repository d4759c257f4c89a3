// A live presentation on paper, watched by the verifier: pictures and sound in segments of 2 s,
// polled each second; one thing of it may be broken.
#pragma once

#include "core/dash/rules/verifier.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace continuo::test {

using namespace std::chrono_literals;
using dash::rules::Segment;
using dash::rules::SegmentFetch;
using hls::WallTime;
using hls::rules::Finding;
using hls::rules::Response;
using std::chrono::milliseconds;

inline constexpr WallTime first_start{1'767'225'600s}; ///< availabilityStartTime
inline constexpr WallTime run_begin = first_start + 1000s + 300ms;
inline constexpr auto buffer_depth = 10s;

struct Recording {
    bool is_timeline{true};
    WallTime begin{run_begin};
    milliseconds length{20s};
    /// The MPD's text, as it is at a time; may change it.
    std::function<void(std::string& mpd, WallTime now)> mpd{};
    /// The answer to a request for a segment, with its facts; may change both. `now`: of the
    /// request.
    std::function<void(SegmentFetch const& fetch, WallTime now, Response& response,
                       media::SegmentFacts& facts)>
        segment{};
    /// What a patch says, of an MPD of that time; empty: there are none.
    std::function<std::string(std::string const& before, std::string const& after)> patch{};
    int patch_status{200};
    int location_status{200};

    /// All findings of a run.
    std::vector<Finding> watch() const;
    /// The numbers of the rules that are broken.
    std::set<int> rules() const;

    /// As a server without faults has it.
    std::string mpd_at(WallTime now) const;
};

/// `text` with the first `from` in it replaced.
void replace(std::string& text, std::string_view from, std::string_view to);

std::string describe(std::vector<Finding> const& findings);

} // namespace continuo::test
