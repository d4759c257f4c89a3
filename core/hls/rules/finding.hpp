// What a rule says of a live stream: the number of the rule, whether it is broken, and the
// evidence. The numbers are those of docs/verify.md.
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

struct Finding {
    int rule{};
    Weight weight{Weight::broken};
    std::string where; ///< the playlist, as its stream is called
    WallTime at{};
    std::string evidence;

    friend bool operator==(Finding const&, Finding const&) = default;
};

/// "rule 8: /live/demo/720p/index.m3u8: MEDIA-SEQUENCE went from 12 to 11 (14:03:22.120)"; the time
/// is UTC.
std::string to_text(Finding const& finding);

/// "3.840 s", as evidence quotes durations.
std::string duration_text(Ticks90k duration);

} // namespace continuo::hls::rules
