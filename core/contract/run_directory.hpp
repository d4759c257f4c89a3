// Contract 1, worker -> supervisor: what a segmenter leaves in its run directory.
//
//   NNNNNN.ts       a finished segment, put there by rename; inotify IN_MOVED_TO is the signal
//   segments.jsonl  one line per finished segment, appended *before* its rename; a line without its
//   file is ignored run.json        facts of a source's run (its grid), replaced by rename whenever
//   they change cuts            (source runs) where segments must begin beside the grid; appended
//   before the keyframe is forwarded
//
// A directory belongs to one run of one pipeline and is never used again.
#pragma once

#include "core/base/result.hpp"
#include "core/base/ticks.hpp"
#include "core/timeline/cue.hpp"
#include "core/timeline/grid.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace continuo::contract {

inline constexpr std::string_view segment_lines_file = "segments.jsonl";
inline constexpr std::string_view run_info_file = "run.json";
inline constexpr std::string_view cuts_file = "cuts";
inline constexpr std::string_view cues_file = "cues.txt"; ///< core/scte35/sidecar.hpp

/// "000042.ts": the name of the `index`-th segment of a run (more digits when six do not do).
std::string segment_file_name(std::uint64_t index);

/// Whether `name` is a finished segment's; false for temporary and foreign files.
bool is_segment_file_name(std::string_view name) noexcept;

/// Why a segment ended where it did.
enum class SegmentEnd : std::uint8_t {
    grid,     ///< the next keyframe opens a new cell
    cut,      ///< the next keyframe stands in `cuts`
    overlong, ///< no keyframe came in time: cut without one
    input,    ///< the input ended: the segment may be torn, and counts only when the source itself
              ///< ended
};

/// What the picture is made of, from the first keyframe's parameter sets.
struct VideoFacts {
    std::string codecs; ///< RFC 6381, e.g. "avc1.64001f"
    int width{};        ///< pixels as displayed (after cropping)
    int height{};
    double frame_rate{}; ///< measured from the timestamps, frames per second; 0 when unknown

    friend bool operator==(VideoFacts const&, VideoFacts const&) = default;
};

/// One line of segments.jsonl.
struct SegmentLine {
    std::string name; ///< its file beside the line
    Ticks90k
        start{}; ///< PTS of the first access unit, 33 bit; identifies the segment in all variants
    Ticks90k duration{}; ///< to the next segment's start; for the last one, and before a time jump,
                         ///< the pictures' own span
    std::uint64_t bytes{};
    SegmentEnd end{SegmentEnd::grid};
    bool discontinuity{false}; ///< the source's time jumped before this segment
    bool keyframe{true};       ///< starts with a random access point; false after an overlong one
    VideoFacts video;
    std::string audio_codecs;           ///< RFC 6381, e.g. "mp4a.40.2"; empty without audio
    std::vector<timeline::Cue> cues{};  ///< whose splice opens this segment
    std::optional<Ticks90k> boundary{}; ///< the PTS at which the leader began the segment, of one
                                        ///< that follows `boundaries`: there `start` may differ

    friend bool operator==(SegmentLine const&, SegmentLine const&) = default;
};

std::string encode(SegmentLine const& line); ///< without the newline
/// Errors: `Errc::malformed` with the key that is missing or wrong.
Result<SegmentLine> parse_segment_line(std::string_view text);

/// When a picture of a live source was made, as far as its playlist tells.
struct MediaDate {
    Ticks90k pts{}; ///< of the run's first picture, 33 bit
    std::chrono::sys_time<std::chrono::microseconds> date{};

    friend bool operator==(MediaDate const&, MediaDate const&) = default;
};

/// run.json of a source's run; written when the grid is known, and again when a consumer had to be
/// cut off.
struct RunInfo {
    timeline::Grid grid;
    Ticks90k first_gop{};
    VideoFacts video;
    std::string audio_codecs;
    std::vector<std::string> cut_off; ///< names of consumers that fell off the log, in that order
    std::optional<MediaDate> made{};  ///< nothing where the source does not tell
    std::optional<int> target_duration_s{}; ///< where it may be raised to the first GOP's length

    friend bool operator==(RunInfo const&, RunInfo const&) = default;
};

std::string encode(RunInfo const& info);
Result<RunInfo> parse_run_info(std::string_view text);

/// One line of `cuts`: "819120 overlong\n", "819120 cue\n" (a break returns by itself), or
/// "819120 cue {...}\n" with the cue as in segments.jsonl; several lines may name one PTS.
struct Cut {
    Ticks90k pts{};
    bool overlong{false}; ///< cut at this access unit even though it is no keyframe
    std::optional<timeline::Cue> cue{};

    friend bool operator==(Cut const&, Cut const&) = default;
};

std::string encode(Cut const& cut); ///< with the newline
Result<Cut> parse_cut(std::string_view line);

/// One line of `boundaries`: where a segment of a leader begins, or that its input is not
/// continuous there ("discontinuity\n"), or that it has ended ("end\n"). Segmenters that read the
/// same content by themselves follow it, and wait where it ends.
struct Boundary {
    enum class Kind : std::uint8_t { segment, discontinuity, end };
    Kind kind{Kind::segment};
    Ticks90k pts{};                    ///< of `segment`: "819120\n", 33 bit
    bool overlong{false};              ///< "819120 overlong\n": no keyframe came in time
    std::vector<timeline::Cue> cues{}; ///< of `segment`: "819120 [{...}]\n"

    friend bool operator==(Boundary const&, Boundary const&) = default;
};

inline constexpr std::string_view boundaries_file = "boundaries";

std::string encode(Boundary const& boundary); ///< with the newline
Result<Boundary> parse_boundary(std::string_view line);

/// The one line that a consumer's owner writes into the source's socket before it becomes the
/// child's stdin: "from 819120 720p\n", or "start 720p\n" for the oldest that is held.
struct JoinRequest {
    std::optional<Ticks90k>
        from; ///< the first keyframe wanted: the end of what was taken of this variant so far
    std::string consumer; ///< its name, for reports

    friend bool operator==(JoinRequest const&, JoinRequest const&) = default;
};

std::string encode(JoinRequest const& request); ///< with the newline
Result<JoinRequest> parse_join_request(std::string_view line);

} // namespace continuo::contract
