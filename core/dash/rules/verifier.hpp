// The verifier of DASH: takes what a shell saw of a presentation, says what to fetch next, and
// collects what the rules find. A plain value without clock, network or disk; `continuo verify` is
// its shell. Times that it is given are the shell's own; it finds out by itself what the server's
// clock says.
//
//   shell: polls the MPD ─► saw_mpd ─► take_due ─► shell: fetches ─► saw_segment ... ─► finish
#pragma once

#include "core/dash/rules/mpd_rules.hpp"
#include "core/dash/rules/track.hpp"
#include "core/hls/rules/finding_log.hpp"

#include <chrono>
#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace continuo::dash::rules {

/// Something to ask for: URIs that are resolved one after the other, the first against the MPD's
/// URL.
using References = std::vector<std::string>;

struct SegmentFetch {
    std::size_t track{};
    Fetch fetch;
    References segment;
    References initialisation; ///< empty where there is none
};

class Verifier {
public:
    /// `name`: the MPD, as findings call it.
    explicit Verifier(std::string name) : name_(std::move(name)) {}

    /// Sources of time in `mpd`, those that an HTTP request asks; to be asked before the MPD is
    /// handed on, since rules compare clocks.
    static std::vector<Timing> time_sources(Response const& mpd);
    void saw_time(Timing const& timing, Response const& response);

    /// The next poll is of a Location: what changes with that is nothing that has changed.
    void move_to_location() noexcept { has_moved_ = true; }
    /// A poll. Returns whether it could be read.
    bool saw_mpd(Response const& response);
    /// The newest version; null before the first.
    Presentation const* presentation() const noexcept {
        return current_ ? &current_->presentation : nullptr;
    }
    std::size_t track_count() const noexcept { return tracks_.size(); }
    /// What is not looked at, and why; each once.
    std::vector<std::string> take_notes() { return std::exchange(notes_, {}); }

    /// Where a patch for the version that `presentation` is can be had; nothing where there is
    /// none. To be asked before the MPD is polled again.
    std::optional<std::string> patch_location() const;
    void saw_patch(Response const& response);

    /// Locations that were not asked yet.
    std::vector<std::string> take_locations();
    void saw_location(std::string const& location, Response const& response);

    /// What is due now; with `everything`, at the end of the run, also what has to be there still.
    std::vector<SegmentFetch> take_due(WallTime now, bool everything);
    /// When `take_due` has something next.
    std::optional<WallTime> next_due() const;

    /// The initialisation section of `fetch`; `checked`: whether its body is one. Once each.
    void saw_initialisation(SegmentFetch const& fetch, Response const& response,
                            Result<> const& checked);
    /// `facts`: what was measured in the body, or why that could not be.
    void saw_segment(SegmentFetch const& fetch, Response const& response,
                     Result<SegmentFacts> const& facts);

    std::vector<hls::rules::Finding> take_findings() { return findings_.take(); }
    std::map<hls::rules::RuleAndPlace, unsigned> const& unsaid() const noexcept {
        return findings_.unsaid();
    }

private:
    /// A version as a patch has it, or as it was fetched.
    struct Dated {
        DateTime publish_time;
        Element root;
    };

    WallTime server_time(WallTime ours) const noexcept { return ours + offset_; }
    WallTime our_time(WallTime servers) const noexcept { return servers - offset_; }
    /// At an MPD that has just come, or at what time alone has changed.
    enum class Cause : std::uint8_t { new_mpd, time };
    void look(Cause cause, WallTime now);
    std::size_t track_of(std::string const& representation);
    void note(std::string text);
    void compare_patched(WallTime at);
    std::optional<SegmentFetch> request_of(std::size_t track, Fetch const& fetch);

    std::string name_;
    std::chrono::microseconds offset_{};
    bool has_offset_{false};
    bool has_moved_{false};
    std::optional<Version> current_;
    std::vector<Track> tracks_;
    std::map<std::string, std::size_t> track_by_name_;
    /// Of each track, as the newest MPD has it that has it.
    std::map<std::size_t, Representation> representations_;
    std::deque<Dated> fetched_;
    std::deque<Dated> patched_;
    std::set<std::string> locations_;
    std::vector<std::string> new_locations_;
    std::set<std::string> noted_;
    std::vector<std::string> notes_;
    hls::rules::FindingLog findings_{hls::rules::Protocol::dash};
};

} // namespace continuo::dash::rules
