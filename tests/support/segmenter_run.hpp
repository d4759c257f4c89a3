// A whole run of the segmenter in one call, with all that came out of it.
#pragma once

#include "tests/support/ts_builder.hpp"
#include "workers/segment/segmenter.hpp"

#include <optional>
#include <string>
#include <vector>

namespace continuo::test {

struct Run {
    std::vector<contract::SegmentLine> segments; ///< without names and sizes
    std::vector<Bytes> files;
    std::vector<contract::Cut> cuts;            ///< decided by it
    std::vector<contract::Boundary> boundaries; ///< decided by it
    std::optional<contract::RunInfo> info;
    std::optional<segment::Ended> ended;
    std::vector<std::string> remarks; ///< about cues
    unsigned pictures{};              ///< video PES packets in the files
};

Run run_of(segment::Rules const& rules, Bytes const& stream, std::size_t chunk = 4096,
           std::vector<contract::Cut> const& known_cuts = {});

/// The same of one that knows something already.
Run run_of(segment::Segmenter& segmenter, Bytes const& stream, std::size_t chunk = 4096);

/// A run that is cut by boundaries; between two stretches its input is not continuous. `told`: the
/// lines of the file, each of which is there only when the run has to wait for it.
Run run_by_boundaries(segment::Rules const& rules, std::vector<Bytes> const& stretches,
                      std::vector<contract::Boundary> const& told = {}, std::size_t chunk = 4096);

std::vector<std::uint16_t> pids_of(Bytes const& packets);
std::vector<Ticks90k> durations(Run const& run);
std::vector<contract::SegmentEnd> ends(Run const& run);

inline constexpr Ticks90k second{90'000};

/// A segmenter that leads, and one that follows it.
segment::Rules source_rules(Ticks90k segment_time = 4 * second,
                            Ticks90k target_duration = 6 * second);
segment::Rules variant_rules(timeline::Grid const& grid);

/// The same where both read the content for themselves.
segment::Rules leader_rules(Ticks90k segment_time = 2 * second,
                            Ticks90k target_duration = 3 * second);
segment::Rules follower_rules(std::uint64_t begin_with = 0, Ticks90k target_duration = 3 * second);

} // namespace continuo::test
