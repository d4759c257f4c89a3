// Watching together, between http and supervisor: what viewers ask for goes up as control messages;
// what they are to know comes down as one file for each session.
//
//   RUNTIME_DIR/watch/ID.json    a session's state, replaced by rename; gone with the session
#pragma once

#include "core/base/result.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace continuo::contract {

/// Which track of a kind is shown: "auto" (the default), "off" (subtitles), a number from 1 on
/// among its kind, a language such as "ger", or words of a title.
struct TrackChoices {
    std::string audio{"auto"};
    std::string subtitle{"auto"};

    friend bool operator==(TrackChoices const&, TrackChoices const&) = default;
};

/// Choices of which either may be left out.
struct TrackWish {
    std::optional<std::string> audio{};
    std::optional<std::string> subtitle{};

    friend bool operator==(TrackWish const&, TrackWish const&) = default;
};

/// `choices`, where `wish` leaves them as they are.
TrackChoices changed(TrackChoices choices, TrackWish const& wish);

/// What viewers and operators ask of a session.
struct WatchRequest {
    enum class Action : std::uint8_t {
        open,   ///< or join: the same `url` with the same choices is one session
        seek,   ///< all go to `position`
        tracks, ///< all get other tracks, at the same position
        pause,
        resume,
        beat,   ///< `viewer` is still there
        leave,  ///< `viewer` goes
        forget, ///< who calls it `session`, an alias, goes, and the alias is free
        close,  ///< the session ends; `discards`: its files at once
    };

    // What is longer or later is no request.
    static constexpr std::size_t longest_url = 8192;   // bytes
    static constexpr std::size_t longest_name = 64;    // bytes; of a session or viewer
    static constexpr std::size_t longest_choice = 100; // bytes; of a track
    static constexpr std::chrono::milliseconds latest_position = std::chrono::hours{100};

    Action action{Action::open};
    std::string session{}; ///< id or alias; of `open`: the alias that is asked for, or empty
    std::string url{};     ///< of `open`
    /// Of `open`, where what is left out is "auto", and `tracks`, where it stays as it is.
    std::optional<TrackWish> tracks{};
    std::optional<std::chrono::milliseconds> position{}; ///< of `open` and `seek`
    std::string viewer{}; ///< of `beat` and `leave`: which one, as its page calls itself
    bool discards{false}; ///< of `close`

    friend bool operator==(WatchRequest const&, WatchRequest const&) = default;
};

/// {"do":"open","url":"https://...","tracks":{"audio":"jpn","subtitle":"2"},"position_ms":0}
std::string encode(WatchRequest const& request); ///< without newline
/// Errors: `Errc::malformed`, the context being a sentence for people. A member that is unknown, or
/// does not belong to the action, is one.
Result<WatchRequest> parse_watch_request(std::string_view json);

/// A track of the file that is watched.
struct WatchTrack {
    enum class Kind : std::uint8_t { video, audio, subtitle };
    Kind kind{Kind::video};
    unsigned number{}; ///< among its kind, from 1 on: what a choice may say
    std::string language{};
    std::string title{};
    std::string codec{};
    bool is_default{false};
    bool is_text{false}; ///< a subtitle that is text, not pictures
    bool is_shown{false};

    friend bool operator==(WatchTrack const&, WatchTrack const&) = default;
};

/// A session as its viewers are told of it.
struct WatchState {
    using WallTime = std::chrono::sys_time<std::chrono::microseconds>;
    using milliseconds = std::chrono::milliseconds;

    static constexpr int version = 1;

    enum class Phase : std::uint8_t {
        opening, ///< looked into, and started: nothing to be played yet
        playing,
        paused,
        ended, ///< the film is over
        failed,
        closed, ///< somebody ended it, or nobody was left
    };

    std::string id;                   ///< 32 hexadecimal digits
    std::vector<std::string> aliases; ///< what clients called it
    std::string channel;              ///< whose snapshot and files are the stream
    std::string url;                  ///< credentials left out
    Phase phase{Phase::opening};
    std::string note; ///< progress or the reason, in words
    std::vector<WatchTrack> tracks;
    std::optional<milliseconds> duration; ///< of the film, where it tells

    /// What the clock that dates follow, which no step of the system's reaches, said when
    /// CLOCK_MONOTONIC was zero.
    WallTime clock_zero{};
    /// At the time w by that clock, all show what has the date w - delay.
    milliseconds delay{};
    /// The picture with the date `anchor` is at `position` of the film; from there both go on
    /// together. Nothing before the first segment.
    std::optional<WallTime> anchor;
    milliseconds position{};
    /// When `phase` is paused: the date that all stand still at.
    std::optional<WallTime> standing_at;
    std::uint64_t jumps{}; ///< grows when all have to seek: seek, other tracks

    milliseconds buffered{}; ///< how far the film has been made, of the film
    double speed{};          ///< film time made in a second of the last ten
    unsigned viewers{};
    WallTime since{}; ///< when it was opened

    friend bool operator==(WatchState const&, WatchState const&) = default;
};

std::string_view to_text(WatchState::Phase phase) noexcept; ///< "opening", "playing", ...

std::string encode(WatchState const& state);
/// Errors: `Errc::malformed` with the key; `Errc::unsupported` for another version.
Result<WatchState> parse_watch_state(std::string_view json);

std::filesystem::path watch_directory(std::filesystem::path const& runtime_dir);
std::filesystem::path watch_file(std::filesystem::path const& runtime_dir, std::string_view id);

/// The id that a file of this directory speaks of; nothing for any other name.
std::optional<std::string> session_of_file(std::string_view file);

/// 32 hexadecimal digits, in lower case.
bool is_session_id(std::string_view text) noexcept;
/// [A-Za-z0-9_-], 1 to 64 of them: what clients may call a session, unless it looks like an id.
bool is_alias(std::string_view text) noexcept;

/// The name of a session's channel: "_watch-" and the id. No file can name such a channel.
std::string watch_channel(std::string_view id);
/// Whether it is one.
bool is_watch_channel(std::string_view name) noexcept;

} // namespace continuo::contract
