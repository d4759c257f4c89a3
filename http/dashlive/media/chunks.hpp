// Where a segment is cut for low latency, and when each chunk can be had. Pure.
#pragma once

#include "http/dashlive/media/composed.hpp"
#include "http/dashlive/media/strand.hpp"

#include <chrono>
#include <cstddef>
#include <span>
#include <vector>

namespace continuo::dashlive {

/// The samples [begin, end) of a strand.
struct SampleRange {
    std::size_t begin{};
    std::size_t end{};

    friend bool operator==(SampleRange const&, SampleRange const&) = default;
};

/// The samples of each chunk: it ends with the first one at which the segment is n x `length` long
/// so far, n growing from chunk to chunk. All of them in one for a `length` of 0.
std::vector<SampleRange> cut(std::span<mp4::Sample const> samples, std::uint32_t timescale,
                             std::chrono::milliseconds length);

/// Up to which of its samples a strand begins before `time` of another clock; at least `begin`.
std::size_t samples_before(Strand const& strand, std::size_t begin, timeline::MediaTime time);

/// How long the chunks of a track are, by chunkdur, or, for its parts, by chunkdurssr of its set.
/// Zero: its segments are not cut.
std::chrono::milliseconds chunk_length(Session const& session, MediaName const& name);

} // namespace continuo::dashlive
