// What a rule says of a stream: the number of the rule, whether it is broken, and the evidence. The
// numbers are those of docs/verify.md. Rules of DASH speak in the same way.
#pragma once

#include "core/hls/media_playlist.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace continuo::hls::rules {

enum class Weight : std::uint8_t {
    broken, ///< players may fail, or our own stronger promise does not hold
    advice, ///< a SHOULD, or good practice
};

/// What one rule has to say of what it was shown; the caller knows where and when that was.
struct Remark {
    int rule{};
    Weight weight{Weight::broken};
    std::string evidence;

    friend bool operator==(Remark const&, Remark const&) = default;
};
using Remarks = std::vector<Remark>;

/// Adds a remark of weight `broken`.
void broken(Remarks& remarks, int rule, std::string evidence);
void append(Remarks& remarks, Remarks more);

enum class Protocol : std::uint8_t { hls, dash };

struct Finding {
    Protocol protocol{Protocol::hls};
    int rule{};
    Weight weight{Weight::broken};
    std::string where; ///< the playlist, as its stream is called; the MPD, or a part of it
    WallTime at{};
    std::string evidence;

    friend bool operator==(Finding const&, Finding const&) = default;
};

/// "8", or "D8" of DASH.
std::string rule_name(Protocol protocol, int rule);

/// "rule 8: /live/demo/720p/index.m3u8: MEDIA-SEQUENCE went from 12 to 11 (14:03:22.120)"; the time
/// is UTC.
std::string to_text(Finding const& finding);

/// "3.840 s", as evidence quotes durations.
std::string duration_text(Ticks90k duration);

} // namespace continuo::hls::rules
