// A movie fragment (moof) as values: when its samples are decoded and shown. Each value knows where
// its box lies in the input, so that one can be written in its place.
#pragma once

#include "core/base/result.hpp"
#include "core/mp4/box.hpp"
#include "core/mp4/movie.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace continuo::mp4 {

/// tfhd: what holds for the samples of a track fragment where their run doesn't say otherwise.
struct TrackFragmentHeader {
    std::size_t offset{};
    std::uint32_t track_id{};
    std::optional<std::uint64_t> base_data_offset;
    std::optional<std::uint32_t> sample_description_index;
    std::optional<std::uint32_t> default_sample_duration;
    std::optional<std::uint32_t> default_sample_size;
    std::optional<std::uint32_t> default_sample_flags;
    bool default_base_is_moof{false};
};

/// tfdt.
struct DecodeTime {
    std::size_t offset{};
    std::uint8_t version{};
    std::uint64_t time{}; ///< of the first sample, in units of the track's timescale
};

/// sample_flags (ISO/IEC 14496-12 §8.8.3.1), those that tell where decoding can begin.
constexpr bool is_sync_sample(std::uint32_t sample_flags) noexcept {
    return (sample_flags & 0x0001'0000) == 0; // sample_is_non_sync_sample
}
constexpr bool depends_on_none(std::uint32_t sample_flags) noexcept {
    return (sample_flags >> 24 & 3) == 2; // sample_depends_on: an I picture
}

struct Sample {
    std::uint32_t duration{};
    std::uint32_t size{};
    std::uint32_t flags{};
    std::int64_t composition_offset{}; ///< presentation time minus decode time
};

/// trun. A run in which no sample has fields of its own takes no bytes for them, however many it
/// claims to hold: go over samples only up to `listed_samples()`.
struct TrackRun {
    std::size_t offset{};
    std::uint8_t version{};
    std::uint32_t flags{}; ///< 24 bit: which fields there are
    std::uint32_t sample_count{};
    std::optional<std::int32_t> data_offset;
    std::optional<std::uint32_t> first_sample_flags;
    std::span<std::uint8_t const> entries; ///< of the samples; a view of the input

    /// Bytes of each sample's fields.
    std::size_t entry_size() const noexcept;
    /// How many samples have fields of their own: all or none.
    std::uint32_t listed_samples() const noexcept { return entry_size() > 0 ? sample_count : 0; }
    /// `index` below `sample_count`; what isn't written comes from `defaults`.
    Sample sample(std::uint32_t index, SampleDefaults const& defaults) const noexcept;
};

/// traf.
struct TrackFragment {
    std::size_t offset{};
    TrackFragmentHeader header;
    std::optional<DecodeTime> decode_time;
    std::vector<TrackRun> runs;

    /// `of_track`: those of the initialisation (trex).
    SampleDefaults defaults(SampleDefaults const& of_track) const noexcept;
};

/// moof.
struct MovieFragment {
    std::size_t offset{};
    std::size_t size{}; ///< bytes
    std::uint32_t sequence_number{};
    std::vector<TrackFragment> tracks;
};

/// `box`: of type moof; the runs of the result point into it.
/// Errors, with the offset: `Errc::truncated`; `Errc::malformed` for a traf without tfhd.
/// Spec: ISO/IEC 14496-12 §8.8.4 to §8.8.8 and §8.8.12.
Result<MovieFragment> parse_movie_fragment(Box const& box);

} // namespace continuo::mp4
