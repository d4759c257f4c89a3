// What the operator wants: config.yaml as values, defaults filled in. Both the daemon and the HTTP
// process read it.
#pragma once

#include "core/hls/cue_style.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace continuo::config {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using std::chrono::seconds;
using WallTime = std::chrono::sys_time<std::chrono::microseconds>;

struct Http {
    std::string address{"0.0.0.0"};
    std::uint16_t port{8080};
    unsigned threads{0}; ///< 0: one per core
    std::optional<fs::path>
        token_file; ///< bearer token for what changes something; none: only loopback may
    unsigned max_connections{10'000};
    seconds header_timeout{10}; ///< from a request's first byte to its last
    seconds idle_timeout{75};   ///< keep-alive without a request
    seconds send_timeout{30};   ///< a response that makes no progress

    friend bool operator==(Http const&, Http const&) = default;
};

/// A picture rate as the fraction it is: 30000/1001.
struct Rate {
    unsigned numerator{25};
    unsigned denominator{1};

    friend bool operator==(Rate const&, Rate const&) = default;
};

/// Made by ffmpeg's lavfi: moving picture, frame number as cells, clock, tone.
struct TestPicture {
    int width{1280};
    int height{720};
    Rate rate;
    milliseconds gop{2000};
    unsigned tone_hz{300};

    friend bool operator==(TestPicture const&, TestPicture const&) = default;
};

/// How mpv plays a film, and what becomes of it: a source is encoded once, before any variant.
struct FilmOptions {
    std::string audio{"auto"};    ///< which track: media::chosen_track
    std::string subtitle{"auto"}; ///< the same; it is burned in
    milliseconds start{0};        ///< where it begins
    int height{1080};             ///< at most so many lines; the width follows
    std::uint64_t video_bitrate_bps{5'000'000};
    std::uint64_t audio_bitrate_bps{128'000};
    std::string preset{"veryfast"}; ///< x264's
    /// Not from a file: strangers' URLs are fetched through this HTTP proxy and nothing else.
    std::string proxy{};

    friend bool operator==(FilmOptions const&, FilmOptions const&) = default;
};

struct Source {
    enum class Kind : std::uint8_t { url, file, test, mpv };
    Kind kind{Kind::url};
    std::string location; ///< url or path; empty for `test`
    bool loop{false};     ///< from the start again at the end
    TestPicture test;
    FilmOptions film{}; ///< of `mpv`

    friend bool operator==(Source const&, Source const&) = default;
};

struct Variant {
    std::string name;
    bool copy{false}; ///< the source as it is; at most one variant
    int height{};     ///< pixels; width follows; dropped where the source is smaller
    std::uint64_t video_bitrate_bps{};
    std::uint64_t audio_bitrate_bps{128'000};
    std::string preset; ///< x264's; from the defaults

    friend bool operator==(Variant const&, Variant const&) = default;
};

struct Slate {
    std::string text{"Back in a moment"};
    std::optional<fs::path> file; ///< instead of the text

    friend bool operator==(Slate const&, Slate const&) = default;
};

/// When a unit that died is started again (architecture: restarts).
struct RestartLimits {
    milliseconds first_delay{
        250}; ///< the second time; the first time a unit that was ready starts at once
    milliseconds max_delay{30'000};
    seconds stable_after{60};  ///< ready for so long: the count starts anew
    unsigned burst{5};         ///< more than so many ...
    seconds burst_window{60};  ///< ... within this: next source, or slate
    unsigned limit{20};        ///< more than so many ...
    seconds limit_window{600}; ///< ... within this: tried every `max_delay` only

    friend bool operator==(RestartLimits const&, RestartLimits const&) = default;
};

/// The source is chosen from outside: an API says over server-sent events which stream is at the
/// head.
struct Playhead {
    std::string api_url{"http://api:8080"}; ///< events come from API_URL/events
    /// A head at https://CORE_API_HOSTNAME/... is fetched from RESTREAMER_INTERNAL_URL/... instead;
    /// empty: never.
    std::string core_api_hostname;
    std::string restreamer_internal_url{"http://restreamer:8080"};
    seconds transition_timeout{15}; ///< a new head that has nothing by then: the old one stays

    friend bool operator==(Playhead const&, Playhead const&) = default;
};

/// The ladder of somebody else's playlist, cut again.
struct Resegment {
    std::string master;                  ///< URL or path of a master or media playlist
    std::optional<fs::path> sidecar;     ///< cues; lines may be appended at any time
    bool loop{false};                    ///< from the start again at the end
    bool random_access_indicator{false}; ///< cut where packets say so, not where pictures do

    friend bool operator==(Resegment const&, Resegment const&) = default;
};

/// One asset of a linear channel's schedule.
struct ScheduleItem {
    std::string asset;
    unsigned times{1};

    friend bool operator==(ScheduleItem const&, ScheduleItem const&) = default;
};

/// HLS that lies on disk, cut beforehand, served as if it were live: each folder of the root is a
/// stream.
struct Pseudolive {
    fs::path root;
    /// When all streams began; nothing: when they were first served. Long ago means many wraps,
    /// and a DISCONTINUITY-SEQUENCE that hls.js needs seconds for.
    std::optional<WallTime> epoch{std::chrono::sys_days{std::chrono::January / 1 / 2026}};
    unsigned window{10};       ///< segments in a playlist, at least three target durations
    milliseconds hold_back{0}; ///< how long a segment that has ended is kept back
    bool allow_clock{false};   ///< ?now= says what time it is

    friend bool operator==(Pseudolive const&, Pseudolive const&) = default;
};

/// The channel's audio, for listeners of an Icecast server.
struct Icecast {
    enum class Format : std::uint8_t { mp3, aac };
    std::string host{"icecast"};
    std::uint16_t port{8000};
    std::optional<fs::path> password_file; ///< the source client's password, on one line
    std::string mount{"/stream.mp3"};
    std::uint64_t bitrate_bps{128'000};
    Format format{Format::mp3};

    friend bool operator==(Icecast const&, Icecast const&) = default;
};

/// How lists announce breaks.
struct Cues {
    std::vector<hls::CueStyle> tags{hls::CueStyle::x_cue}; ///< empty: not at all
    std::string interstitial_uri{}; ///< of what is played in a break, with {event_id} and
                                    ///< {duration}; empty: no interstitials
    bool discontinuity{false};      ///< DISCONTINUITY where a break begins and where it ends

    friend bool operator==(Cues const&, Cues const&) = default;
};

struct Channel {
    std::string name;
    std::vector<Source> sources;        ///< in order of preference; empty beside another input
    std::optional<Playhead> playhead;   ///< instead of `sources`
    std::optional<Resegment> resegment; ///< instead of `sources`; its playlist names the variants
    std::vector<ScheduleItem> schedule; ///< instead of `sources`: assets, one after the other, and
                                        ///< over again; nothing is encoded or started for it
    std::optional<Icecast> icecast;
    Cues cues;
    std::vector<Variant> variants;
    Slate slate;
    milliseconds segment_time{4000};
    seconds target_duration{6}; ///< default: ceil(1.5 x segment_time)
    unsigned window{20};
    std::uint64_t budget_bytes{512ull << 20}; ///< of tmpfs
    bool restart_discontinuity{true};
    seconds source_retry{30}; ///< how often a lost, better source is tried again
    RestartLimits restart;

    friend bool operator==(Channel const&, Channel const&) = default;
};

/// Whether the channel plays assets: its lists are worked out from the clock, by HTTP alone.
inline bool is_linear(Channel const& channel) noexcept {
    return !channel.schedule.empty();
}

/// Whether viewers get what the sources send and nothing else: no variant is encoded.
inline bool copies_only(Channel const& channel) noexcept {
    for (auto const& variant : channel.variants)
        if (!variant.copy) return false;
    return true;
}

/// DASH that lies on disk, cut beforehand, served as live streams that their URLs describe: each
/// folder with an MPD, however deep below the root, is an asset.
struct Livesim {
    fs::path root;
    bool allow_clock{false}; ///< ?nowMS= and ?nowDate= say what time it is
    /// The longest that a URL may ask for; nothing: as long as it likes.
    std::optional<seconds> max_time_shift_buffer{};

    friend bool operator==(Livesim const&, Livesim const&) = default;
};

/// Films that viewers choose and watch together: each is a session with a stream of its own.
struct Watch {
    bool enabled{false}; ///< once it is, strangers may name URLs that this machine fetches
    unsigned max_sessions{4};
    seconds session_timeout{45}; ///< without any viewer's heartbeat for so long, a session ends
    seconds heartbeat{15};       ///< how often a viewer's page says that it is there
    seconds reaper{30};          ///< how often left-over files are looked for
    seconds finished_kept{3600}; ///< how long a session that is over, and its files, stay
    seconds probe_timeout{30};   ///< for what a URL holds to be found out
    milliseconds segment_time{4000};
    seconds read_ahead{60};     ///< what is made before it is due, at most
    unsigned start_segments{3}; ///< players begin when so many are there
    int height{720};            ///< at most so many lines; the width follows
    std::uint64_t video_bitrate_bps{3'000'000};
    std::uint64_t audio_bitrate_bps{128'000};
    std::string preset{"veryfast"};           ///< x264's
    std::uint64_t budget_bytes{256ull << 20}; ///< of tmpfs, for each session
    std::string torrent_gateway{};        ///< URL with {magnet}; empty: magnet links are refused
    bool allow_private{false};            ///< URLs may lead to private and loopback addresses, too
    std::optional<fs::path> token_file{}; ///< bearer token for what changes something; none:
                                          ///< anybody may

    friend bool operator==(Watch const&, Watch const&) = default;
};

/// The channel that is served under the URLs of the mux service too.
inline constexpr std::string_view aliased_channel{"live"};

struct Config {
    fs::path runtime_dir{"/run/continuo"};
    fs::path state_dir{"/var/lib/continuo"}; ///< on disk: numbers survive a stop and a reboot
    std::string log_level{"info"};
    Http http;
    std::optional<Pseudolive> pseudolive;
    std::optional<Livesim> livesim;
    Watch watch;
    std::vector<Channel> channels;

    friend bool operator==(Config const&, Config const&) = default;
};

} // namespace continuo::config
