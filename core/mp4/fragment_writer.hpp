// Samples -> a fragment of our own making: for sound that is cut again, for the chunks of a
// segment, for what is encrypted on the way out.
#pragma once

#include "core/mp4/fragment.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace continuo::mp4 {

/// Clear bytes, then protected ones (ISO/IEC 23001-7 §7).
struct Subsample {
    std::uint16_t clear{};
    std::uint32_t protected_bytes{};
};

/// What a decrypter needs to know of one sample beyond its track.
struct SampleProtection {
    std::array<std::uint8_t, 16> initialisation_vector{}; ///< the first bytes count
    std::vector<Subsample> subsamples;                    ///< empty: the whole sample
};

/// A track's part of a fragment.
struct TrackSamples {
    std::uint32_t track_id{};
    std::uint64_t decode_time{};
    std::span<Sample const> samples;
    /// One for each sample; empty where nothing has to be said of them (no senc then).
    std::span<SampleProtection const> protection{};
    std::uint8_t vector_size{}; ///< bytes of each initialisation vector: 0, 8 or 16
    /// Whole boxes (subs) that stand at the end of the track's fragment.
    std::span<std::uint8_t const> additional{};
};

/// A moof and the header of its mdat; the media data follow, track after track, in order.
/// Sample fields that are the same all along stand in tfhd; a tfdt takes 64 bits where its value
/// needs them. Spec: ISO/IEC 14496-12 §8.8.4 to §8.8.8 and §8.8.12; ISO/IEC 23001-7 §7.
std::vector<std::uint8_t> fragment_of(std::uint32_t sequence_number,
                                      std::span<TrackSamples const> tracks);

} // namespace continuo::mp4
