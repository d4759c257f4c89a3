// One run of the verifier against HLS: polls, fetches and probes as the rules ask, and hands them
// what came.
#pragma once

#include "cli/verify/init_sections.hpp"
#include "cli/verify/visit.hpp"
#include "core/hls/rules/verifier.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace continuo::cli {

/// Lives for one run; `visit` outlives it. All on the caller's thread.
class Session {
public:
    explicit Session(Visit& visit);

    /// `first`: what the URL answered. False when that is no playlist; the visit's failure then
    /// says what it is instead.
    bool run(Answer first);
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

    Visit& visit_;
    InitSections init_sections_;
    hls::rules::Verifier verifier_;
    std::vector<Target> targets_;  ///< one per stream of the verifier, in its order
    std::string multivariant_url_; ///< empty when a media playlist is verified alone
    hls::WallTime next_multivariant_poll_{};
};

} // namespace continuo::cli
