// Values of options as URLs have them: text -> number, list, pattern; the first step of
// parse_options. Pure.
#pragma once

#include "http/dashlive/options/options.hpp"

#include <boost/system/result.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace continuo::dashlive {

/// A value that is none; no text turns into one by itself.
struct Mismatch {
    std::string wanted; ///< what would be one: "whole seconds, 0 to 172800"
};
inline Mismatch wanted(std::string text) {
    Mismatch mismatch;
    mismatch.wanted = std::move(text);
    return mismatch;
}
template <class T = void>
using Parsed = boost::system::result<T, Mismatch>;

/// Both included.
struct Bounds {
    std::int64_t least{};
    std::int64_t most{};
};

/// "12", "-3". `unit`: what `bounds` count, for the error: "whole seconds".
Parsed<std::int64_t> parse_integer(std::string_view text, Bounds bounds, std::string_view unit);
Parsed<std::uint32_t> parse_count(std::string_view text, Bounds bounds, std::string_view unit);
Parsed<std::chrono::seconds> parse_seconds(std::string_view text, Bounds bounds);

/// Seconds with or without decimals, "1.75", rounded to the nearest millisecond; `bounds` are
/// seconds.
Parsed<std::chrono::milliseconds> parse_decimal_seconds(std::string_view text, Bounds bounds);

/// An option that is on when it is there: "1".
Parsed<> parse_presence(std::string_view text);

/// Between `separator`s; a text that has none is one piece.
std::vector<std::string_view> pieces_of(std::string_view text, char separator);

/// "en,sv": tags of RFC 5646, each once.
Parsed<std::vector<std::string>> parse_languages(std::string_view text);

/// "httpxsdate-ntp".
Parsed<std::vector<UtcMethod>> parse_utc_methods(std::string_view text);

/// "[{cycle:30,rsq:0,code:404,rep:V300},{...}]"; rsq is 0 and rep all where they are left out.
Parsed<std::vector<StatusFault>> parse_status_faults(std::string_view text);

/// "u20d10,u10s5": a pattern for each BaseURL.
Parsed<std::vector<TrafficPattern>> parse_traffic(std::string_view text);
/// "u40_d20": one that repeats each minute.
Parsed<TrafficPattern> parse_minute(std::string_view text);

/// "a=1,b=3".
Parsed<std::vector<QueryPair>> parse_query_pairs(std::string_view text);

/// "1,2;3,4": a set, and its partner.
Parsed<std::vector<SubSegmentSet>> parse_sub_segment_sets(std::string_view text);

/// How long the parts of a set are.
struct PartDuration {
    std::uint32_t adaptation_set{};
    std::chrono::milliseconds duration{};
};
/// "1,0.5;3,0.5".
Parsed<std::vector<PartDuration>> parse_part_durations(std::string_view text);

} // namespace continuo::dashlive
