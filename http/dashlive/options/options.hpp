// What the URL of a session asks for: /livesim2/KEY_VALUE/.../ASSET/FILE. Everything about a
// session is in here; nothing is kept between requests.
#pragma once

#include <boost/system/result.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace continuo::dashlive {

/// Which of two predecessors a URL speaks to, by its first word: where they give a key different
/// meanings, each prefix keeps its own.
enum class Dialect : std::uint8_t {
    livesim1, ///< /livesim/
    livesim2, ///< /livesim2/
};

/// How an MPD names segments (ISO/IEC 23009-1 §5.3.9.4).
enum class Addressing : std::uint8_t {
    number,          ///< $Number$ with @duration
    timeline_time,   ///< $Time$ with a SegmentTimeline
    timeline_number, ///< $Number$ with a SegmentTimeline
};

/// How a client may learn the time (urn:mpeg:dash:utc:*:2014).
enum class UtcMethod : std::uint8_t { direct, head, ntp, sntp, xsdate, xsdate_ms, iso, iso_ms };

/// Answers that fail on purpose: the segment that begins as number `segment` in each `cycle` of
/// media time gets `status`.
struct StatusFault {
    std::chrono::seconds cycle{};
    std::int64_t segment{};
    unsigned status{404};
    std::string representation; ///< a part of its id; empty: all
};

/// A stretch of time in which an origin behaves in one way.
struct TrafficSpan {
    enum class State : std::uint8_t { up, down, slow, hanging };
    State state{State::up};
    std::chrono::seconds length{};
};
using TrafficPattern = std::vector<TrafficSpan>;

/// How segments are encrypted on the way out (Common Encryption).
enum class Encryption : std::uint8_t { none, cenc, cbcs };

/// A set whose segments are served in parts, and the set that a client switches to.
struct SubSegmentSet {
    std::uint32_t adaptation_set{};
    std::uint32_t partner{};
    std::optional<std::chrono::milliseconds> part; ///< chunkdurssr
};

struct QueryPair {
    std::string name, value;
};

struct Options {
    Dialect dialect{Dialect::livesim2};
    /// The path of the options as the client wrote it, decoded, with the prefix and the slash at
    /// its end: "/livesim2/segtimeline_1/tsbd_20/".
    std::string path;

    // Addressing and availability.
    Addressing addressing{Addressing::number};
    bool has_patterns{false};                 ///< segtimeline_pattern, segtimelinenr_pattern
    std::optional<std::int64_t> start_number; ///< snr; -1 (livesim1): no attribute, numbers from 1
    bool keeps_times_short{false};            ///< tfdt_32
    bool inserts_index{false};                ///< sidx
    std::optional<std::chrono::seconds> start, stop;                   ///< since 1970
    std::optional<std::chrono::seconds> start_relative, stop_relative; ///< to now
    std::optional<std::chrono::milliseconds> time_offset;
    std::optional<std::chrono::seconds> time_shift_buffer_depth;
    std::optional<std::chrono::milliseconds> ahead;            ///< ato
    bool is_ahead_for_ever{false};                             ///< ato_inf
    std::optional<std::chrono::seconds> minimum_update_period; ///< mup
    std::optional<std::chrono::seconds> suggested_presentation_delay;
    std::vector<std::chrono::seconds> durations; ///< dur, one after the other
    std::chrono::seconds initialisation_ahead{}; ///< init
    std::optional<std::chrono::minutes> modulo;
    bool follows_now{false};                   ///< cont
    std::optional<std::vector<UtcMethod>> utc; ///< without: the default; empty: none
    bool keeps_utc{false};                     ///< what the asset's MPD has

    // Periods.
    std::optional<std::uint32_t> periods_per_hour;
    bool is_continuous{false};
    std::optional<std::uint32_t> early_terminations_per_hour; ///< etp
    std::optional<std::chrono::seconds> early_termination;    ///< etpDuration: what is left
    std::optional<std::uint32_t> xlinks_per_hour; ///< livesim2: xlink_1, all that are complete
    std::optional<std::uint32_t> advertisements_per_hour; ///< insertad
    bool has_period_offsets{false};                       ///< peroff
    std::optional<std::uint32_t> callbacks_per_hour;      ///< mpdcallback
    std::vector<TrafficPattern> base_urls;                ///< baseurl: each repeats, by the minute
    bool shows_losses{false};                             ///< segtimelineloss

    // Low latency.
    std::optional<std::chrono::milliseconds> chunk_duration;
    std::optional<std::chrono::milliseconds> latency_target;
    std::vector<SubSegmentSet> sub_segments;

    // What is in the stream besides.
    std::optional<std::uint32_t> splices_per_minute;
    std::vector<std::string> stpp_languages, wvtt_languages;
    std::chrono::milliseconds cue_duration{900};
    std::uint32_t cue_region{};

    // Faults.
    std::vector<StatusFault> status_faults;
    std::vector<TrafficPattern> traffic; ///< one for each BaseURL
    std::vector<QueryPair> required_query;

    std::optional<std::chrono::seconds> patch_lifetime;
    Encryption encryption{Encryption::none};
};

/// What a URL can't have.
struct OptionError {
    std::string option; ///< as written: "tsbd_a"
    std::string reason; ///< what is wrong, and what is allowed: "wants whole seconds, ..."
};

/// What the configuration allows.
struct OptionLimits {
    std::optional<std::chrono::seconds> time_shift_buffer_depth;
};

/// Options, and the path behind them: asset and file.
struct ParsedPath {
    Options options;
    std::string content;
};

/// `path`: behind the prefix, decoded: "segtimeline_1/testpic_2s/Manifest.mpd". A part that has no
/// '_', or a word in front of it that is no option, begins the content. All numbers are within
/// bounds in which nothing that is worked out of them overflows. Pure.
/// Errors: a bad value; an option that is known, but not supported here; options that can't stand
/// together; no content.
boost::system::result<ParsedPath, OptionError> parse_options(Dialect dialect, std::string_view path,
                                                             OptionLimits const& limits = {});

} // namespace continuo::dashlive
