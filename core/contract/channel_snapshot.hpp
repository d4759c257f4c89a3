// Contract 3, supervisor -> http: the whole timeline window of a channel, all variants at once.
// Replaced by rename, so a boundary, a cue, a discontinuity holds for the whole ladder from one
// instant on. HLS is one rendering of it.
#pragma once

#include "core/base/result.hpp"
#include "core/base/ticks.hpp"
#include "core/hls/cue_style.hpp"
#include "core/hls/multivariant_playlist.hpp"
#include "core/timeline/breaks.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace continuo::contract {

using WallTime = std::chrono::sys_time<std::chrono::microseconds>;

/// One segment of the channel; number, times and marks are the same in every variant.
struct TimelineSegment {
    std::uint64_t number{}; ///< EXT-X-MEDIA-SEQUENCE
    Ticks90k start{};       ///< on its source's clock, 33 bit
    Ticks90k duration{};
    WallTime date{}; ///< EXT-X-PROGRAM-DATE-TIME
    bool discontinuity{false};
    std::string run;                ///< the source run it came from
    std::vector<std::string> files; ///< one per variant, in their order: path below the channel's
                                    ///< directory; empty: not (yet) there
    std::vector<timeline::BreakMark> breaks{}; ///< what it is in a break; empty outside

    friend bool operator==(TimelineSegment const&, TimelineSegment const&) = default;
};

/// A variant as it is, not as configured; zero or empty until the first segment was measured.
struct VariantFacts {
    std::string name;
    std::uint64_t bandwidth_bps{}; ///< peak segment bit rate seen (EXT-X-STREAM-INF BANDWIDTH)
    std::uint64_t average_bandwidth_bps{}; ///< over the window
    int width{};
    int height{};
    double frame_rate{};
    std::string codecs;              ///< RFC 6381 list, video first
    bool independent_segments{true}; ///< each so far began with a keyframe
    std::string audio_group{}; ///< the renditions that it is played with; empty: its own sound
    std::optional<hls::Rendition> rendition{}; ///< it is one of those; its URI is ours to say

    friend bool operator==(VariantFacts const&, VariantFacts const&) = default;
};

/// One switch of a playhead channel, asked for by its API or an operator.
struct Switch {
    enum class Outcome : std::uint8_t {
        pending,    ///< the new stream starts beside the old one
        done,       ///< its first segment is listed
        failed,     ///< it had nothing within transition_timeout, or died: the old one stays
        superseded, ///< a newer head came first
    };
    std::string url;  ///< credentials left out
    std::string name; ///< as the API calls it
    WallTime asked{};
    std::optional<std::chrono::milliseconds> took; ///< until the first segment was listed
    Outcome outcome{Outcome::pending};

    friend bool operator==(Switch const&, Switch const&) = default;
};

std::string_view to_text(Switch::Outcome outcome) noexcept; ///< "pending", "done", ...

/// A playhead channel's head and its latest switches.
struct PlayheadState {
    std::string head;           ///< URL, credentials left out; empty before the first event
    std::string name;           ///< of the head, as the API calls it
    bool api_connected{false};  ///< the event stream is open
    std::uint64_t switches{};   ///< done since the daemon started
    std::uint64_t failures{};   ///< failed since then
    std::vector<Switch> latest; ///< the newest first, ten at most

    friend bool operator==(PlayheadState const&, PlayheadState const&) = default;
};

std::string encode(PlayheadState const& playhead);

/// A break as people are told of it.
struct BreakState {
    std::uint32_t event_id{};
    std::uint64_t first_number{}; ///< of the segment that it begins with
    WallTime start{};             ///< of its OUT's splice
    std::optional<Ticks90k> planned{};
    std::optional<WallTime> end{}; ///< nothing while it is open

    friend bool operator==(BreakState const&, BreakState const&) = default;
};

/// {"event_id":7,"first_number":30,"start_us":...,"planned":900000,"end_us":...}
std::string encode(BreakState const& state);

/// What a person wants to know of a channel; words, not contract.
struct ChannelState {
    std::string state;  ///< "starting", "on air", "slate", "failed", "stopped", "ended" (a film)
    std::string source; ///< what is on air, credentials left out; empty when nothing is
    std::string note;   ///< why it is not as it should be; empty when all is well
    WallTime since{};
    std::optional<PlayheadState> playhead{}; ///< of playhead channels
    std::optional<std::string> icecast{};    ///< of channels with Icecast: "connected", ...
    std::vector<BreakState> breaks{};        ///< the newest first, ten at most

    friend bool operator==(ChannelState const&, ChannelState const&) = default;
};

struct ChannelSnapshot {
    static constexpr int version = 1;

    std::string channel;
    std::chrono::seconds
        target_duration{}; ///< EXT-X-TARGETDURATION; constant for the channel's life
    unsigned window{};     ///< segments listed, at least (and 3 x target_duration)
    std::uint64_t discontinuity_sequence{};  ///< of a list that starts with `segments[0]`
    bool ended{false};                       ///< EXT-X-ENDLIST
    std::vector<hls::CueStyle> cue_styles{}; ///< the tags that `breaks` are written as
    std::string interstitial_uri{};          ///< X-ASSET-URI of breaks, with {event_id} and
                                             ///< {duration}; empty: no interstitials
    std::vector<VariantFacts> variants;      ///< best first, as configured
    std::vector<TimelineSegment> segments;   ///< numbers ascend by one
    ChannelState state;

    friend bool operator==(ChannelSnapshot const&, ChannelSnapshot const&) = default;
};

std::string encode(ChannelSnapshot const& snapshot);
/// Errors: `Errc::malformed` with the key; `Errc::unsupported` for another version.
Result<ChannelSnapshot> parse_channel_snapshot(std::string_view json);

/// The part of a snapshot that the playlist of one variant lists: `segments[first..last)`, ending
/// at its newest own one. At least `window` segments and three target durations where there are so
/// many; `first` never goes back as `last` grows.
struct Window {
    std::size_t first{};
    std::size_t last{};
    std::uint64_t discontinuity_sequence{}; ///< RFC 8216 §4.3.3.3, of this list

    friend bool operator==(Window const&, Window const&) = default;
};

/// `variant`: index into `snapshot.variants`. Empty (first == last) while it has nothing.
Window window_of(ChannelSnapshot const& snapshot, std::size_t variant) noexcept;

} // namespace continuo::contract
