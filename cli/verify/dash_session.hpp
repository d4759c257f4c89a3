// One run of the verifier against DASH: polls and fetches as the rules ask, and hands them what
// came.
#pragma once

#include "cli/verify/init_sections.hpp"
#include "cli/verify/visit.hpp"
#include "core/dash/rules/verifier.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace continuo::cli {

/// Whether a text begins as an MPD does.
bool is_mpd(std::string_view text) noexcept;

/// Lives for one run; `visit` outlives it. All on the caller's thread.
class DashSession {
public:
    /// `first`: what the URL answered, which is an MPD.
    DashSession(Visit& visit, Answer first);

    /// False when the MPD can't be read; the visit's failure then says so.
    bool run();
    dash::rules::Verifier const& verifier() const noexcept { return verifier_; }

private:
    void ask_for_time();
    void watch();
    void poll();
    void ask_for_patch();
    void ask_locations();
    void fetch_due(bool everything);
    void fetch(dash::rules::SegmentFetch const& wanted);
    /// With the initialisation section that it needs, if it does.
    void took_segment(dash::rules::SegmentFetch const& fetch, Answer answer);
    void take_findings();

    std::string resolved(dash::rules::References const& references) const;
    std::chrono::milliseconds poll_interval() const;
    hls::WallTime next_event() const;

    Visit& visit_;
    std::string url_;                     ///< that is polled
    std::optional<std::string> location_; ///< that shall be polled from now on
    std::string base_;                    ///< where the newest MPD really came from
    std::optional<Answer> first_;
    InitSections init_sections_;
    dash::rules::Verifier verifier_;
    hls::WallTime next_poll_{};
    bool in_flight_{false};
};

} // namespace continuo::cli
