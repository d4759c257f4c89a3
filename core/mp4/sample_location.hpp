// Where in a segment the samples of a track lie: what is taken out of it, to be sent in other
// fragments, is found by this.
#pragma once

#include "core/base/result.hpp"
#include "core/mp4/fragment.hpp"
#include "core/mp4/movie.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace continuo::mp4 {

struct LocatedSample {
    Sample sample;
    std::size_t offset{}; ///< of its first byte in the segment
};

struct SegmentSamples {
    std::uint64_t decode_time{}; ///< of the first one (tfdt)
    std::vector<LocatedSample> samples;
};

/// More than a segment of any use has; a run can claim as many as it likes without a byte for it.
inline constexpr std::size_t max_segment_samples = 1'000'000;

/// The samples of the track in all fragments of `file`, a whole segment; `defaults`: its trex.
/// Errors, with the offset: those of `BoxCursor` and `parse_movie_fragment`; `Errc::malformed` for
/// a sample that isn't inside the segment, and without a tfdt; `Errc::out_of_range` for more than
/// `max_segment_samples`; `Errc::not_found` where the track has no fragment.
/// Spec: ISO/IEC 14496-12 §8.8.7 and §8.8.8.
Result<SegmentSamples> locate_samples(std::span<std::uint8_t const> file, std::uint32_t track_id,
                                      SampleDefaults const& defaults);

} // namespace continuo::mp4
