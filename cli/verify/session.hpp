// One run of the verifier against a URL: polls, fetches and probes as the rules ask, and hands them
// what came.
#pragma once

#include "cli/verify.hpp"
#include "cli/verify/clock.hpp"
#include "cli/verify/http_client.hpp"
#include "cli/verify/init_sections.hpp"
#include "cli/verify/report.hpp"
#include "core/hls/rules/verifier.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace continuo::cli {

/// Lives for one run; `report` outlives it. All on the caller's thread.
class Session {
public:
    /// `stop_fd`: readable when the run shall end early. `report`: null when nothing is said along
    /// the way.
    Session(VerifyOptions const& options, int stop_fd, TextReport* report);

    /// False when the URL never answered with a playlist; `failure()` then says what it answered
    /// instead.
    bool run();

    std::string const& failure() const noexcept { return failure_; }
    Tally const& tally() const noexcept { return tally_; }
    std::vector<hls::rules::Finding> const& findings() const noexcept { return findings_; }
    std::vector<std::string> const& notes() const noexcept { return notes_; }
    hls::rules::Verifier const& verifier() const noexcept { return verifier_; }

private:
    /// A playlist that is polled.
    struct Target {
        std::string url;  ///< as listed
        std::string base; ///< where its answers really came from
        hls::WallTime next_poll{};
        bool in_flight{false};
        bool probed{false};
        bool container_noted{false};
    };

    bool find_playlist();
    void take_multivariant(Answer answer);
    void take_media_playlist(Answer answer);
    void add_target(std::string const& uri, hls::rules::StreamKind kind, std::string group);
    void watch();
    void wind_up();

    void poll_due_playlists();
    void poll(std::size_t index);
    void poll_multivariant();
    void took_playlist(std::size_t index, Answer answer);
    void fetch(hls::rules::Fetch fetch);
    /// With the initialisation section that it needs, if it does.
    void took_segment(hls::rules::Fetch const& fetch, Answer answer);
    void measure(hls::rules::Fetch const& fetch, Answer const& answer, std::string_view init);
    void probe_once(hls::rules::Fetch const& fetch, Answer answer);
    void fetch_due_segments(bool everything);
    void note_container(Target& target, std::string const& name, media::Container container);

    Request segment_request(hls::rules::Fetch const& fetch) const;
    Request map_request(hls::rules::Fetch const& fetch) const;
    std::chrono::milliseconds poll_interval(std::size_t index) const;
    hls::WallTime next_event() const;
    bool stopped() const;
    void wait(hls::WallTime until);
    /// Waits until nothing is on its way, or `until`.
    void drain(hls::WallTime until);
    void collect_findings();

    VerifyOptions const options_;
    int const stop_fd_;
    TextReport* const report_;
    SteadyWallClock const clock_;
    hls::WallTime const start_;
    hls::WallTime const end_;
    HttpClient client_;
    InitSections init_sections_;
    hls::rules::Verifier verifier_;
    std::vector<Target> targets_; ///< one per stream of the verifier, in its order
    std::optional<Answer> first_answer_;
    std::string multivariant_url_; ///< empty when a media playlist is verified alone
    hls::WallTime next_multivariant_poll_{};
    std::string failure_;
    Tally tally_;
    std::vector<hls::rules::Finding> findings_;
    std::vector<std::string> notes_;
    std::size_t broken_{};
};

} // namespace continuo::cli
