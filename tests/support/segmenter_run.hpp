// A whole run of the segmenter in one call, with all that came out of it.
#pragma once

#include "tests/support/ts_builder.hpp"
#include "workers/segment/segmenter.hpp"

#include <optional>
#include <vector>

namespace continuo::test {

struct Run {
    std::vector<contract::SegmentLine> segments; ///< without names and sizes
    std::vector<Bytes> files;
    std::vector<contract::Cut> cuts; ///< decided by it
    std::optional<contract::RunInfo> info;
    std::optional<segment::Ended> ended;
    unsigned pictures{}; ///< video PES packets in the files
};

Run run_of(segment::Rules const& rules, Bytes const& stream, std::size_t chunk = 4096,
           std::vector<contract::Cut> const& known_cuts = {});

std::vector<std::uint16_t> pids_of(Bytes const& packets);

} // namespace continuo::test
