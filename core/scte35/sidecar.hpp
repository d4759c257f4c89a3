// One line of a file of cues ("insert_pts, cue"), as resegmenting, the API and the command line
// hand cues to a segmenter.
#pragma once

#include "core/scte35/splice_info.hpp"

#include <string>
#include <string_view>

namespace continuo::scte35 {

struct SidecarLine {
    struct At {
        Ticks90k time{}; ///< 33 bit
        friend bool operator==(At const&, At const&) = default;
    };
    /// "0": when the line is read.
    struct Now {
        friend bool operator==(Now const&, Now const&) = default;
    };
    /// "+8.5": that much later than the newest picture when the line is read.
    struct After {
        Ticks90k delay{};
        friend bool operator==(After const&, After const&) = default;
    };
    std::variant<At, Now, After> when; ///< the splice time of a cue that has none itself
    std::string section;               ///< base64
    SpliceInfo info;
    friend bool operator==(SidecarLine const&, SidecarLine const&) = default;
};

/// `line`: without its newline; a carriage return at its end is passed over. Seconds may have
/// decimals, rounded to the nearest tick. Nothing for comments ("# ...") and blank lines.
/// Errors: `Errc::malformed` and `Errc::out_of_range` for insert_pts (a whole turn of the clock and
/// more), else those of `parse_cue_text`.
Result<std::optional<SidecarLine>> parse_sidecar_line(std::string_view line);

/// The line that reads so, without its newline.
std::string to_text(SidecarLine const& line);

} // namespace continuo::scte35
