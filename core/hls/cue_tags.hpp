// Break marks -> tag lines: how a playlist tells that a segment begins, lies in or follows a break.
// Pure; the live playlists and those of the resegmenter are written with it.
#pragma once

#include "core/hls/cue_style.hpp"
#include "core/timeline/breaks.hpp"

#include <span>
#include <string>
#include <vector>

namespace continuo::hls {

struct CueTags {
    std::vector<CueStyle> styles; ///< the tags that each mark is written as
    /// X-ASSET-URI of an interstitial for each break, with {event_id} and {duration} (planned
    /// seconds, 0 where unknown); empty: no interstitials.
    std::string interstitial_uri{};

    /// The lines, without newlines, that stand before the segment with these marks. RFC 8216
    /// §4.3.2.7 for EXT-X-DATERANGE: one ID per break, END-DATE = START-DATE + DURATION to the
    /// millisecond.
    std::vector<std::string> lines(std::span<timeline::BreakMark const> marks) const;

    /// The same for the first segment of a list. A date range of which players have seen nothing is
    /// lost on them: that of a break which goes on there is told again, with the same attributes.
    std::vector<std::string> first_lines(std::span<timeline::BreakMark const> marks) const;
};

} // namespace continuo::hls
