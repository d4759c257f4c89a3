// A run of the verifier as far as all protocols have it alike: its clock, its client, when it ends,
// and what it tells.
#pragma once

#include "cli/verify.hpp"
#include "cli/verify/clock.hpp"
#include "cli/verify/http_client.hpp"
#include "cli/verify/report.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace continuo::cli {

inline constexpr std::chrono::milliseconds longest_poll_interval{5'000};
inline constexpr std::chrono::milliseconds progress_interval{500}; ///< between looks at findings
inline constexpr std::chrono::milliseconds segment_deadline{30'000};

/// Lives for one run; `report` outlives it. All on the caller's thread.
class Visit {
public:
    /// `stop_fd`: readable when the run shall end early. `report`: null when nothing is said along
    /// the way.
    Visit(VerifyOptions const& options, int stop_fd, TextReport* report);

    /// Asks until the URL answers: a channel that is just starting says 503 at first. Nothing when
    /// it never did; `failure` then says what it answered instead.
    std::optional<Answer> first_answer();
    void fail(std::string why) { failure_ = std::move(why); }
    std::string const& failure() const noexcept { return failure_; }

    hls::WallTime now() const { return clock_.now(); }
    hls::WallTime end() const noexcept { return end_; }
    HttpClient& client() noexcept { return client_; }
    /// Whether nothing is to be asked any more.
    bool is_over() const { return clock_.now() >= end_ || stopped(); }
    /// Until something was answered, or `until`.
    void wait(hls::WallTime until);
    /// Waits until nothing is on its way, 15 s at most.
    void drain();

    void take(std::vector<hls::rules::Finding> findings);
    /// Something that is no finding.
    void note(std::string text);

    Tally tally;
    std::vector<hls::rules::Finding> const& findings() const noexcept { return findings_; }
    std::vector<std::string> const& notes() const noexcept { return notes_; }

private:
    bool stopped() const;

    VerifyOptions const options_;
    int const stop_fd_;
    TextReport* const report_;
    SteadyWallClock const clock_;
    hls::WallTime const start_;
    hls::WallTime const end_;
    HttpClient client_;
    std::string failure_;
    std::vector<hls::rules::Finding> findings_;
    std::vector<std::string> notes_;
    std::size_t broken_{};
};

} // namespace continuo::cli
