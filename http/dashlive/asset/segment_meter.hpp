// What the samples of a segment are, by its own bytes: times, durations, and where frames of sound
// lie. Reads files, but no media data.
#pragma once

#include "http/dashlive/asset/facts.hpp"
#include "http/dashlive/asset/part_reader.hpp"

#include <cstdint>
#include <vector>

namespace continuo::dashlive {

/// `track`: what the header says of it. `keeps_frames`: where each sample lies is of interest.
/// Refused: what is no MP4, has no samples, no tfdt, or those of another track.
storage::Accepted<SampleFacts> samples_of(PartReader& file, FilePart const& part,
                                          mp4::Track const& track, bool keeps_frames);

/// A file's header: all in front of and up to the end of its moov; from `offset` on.
storage::Accepted<std::vector<std::uint8_t>> header_of(PartReader& file, std::uint64_t offset);

/// The parts of a single file, which its first sidx tells. Refused: a file without one in front of
/// the media, and one that refers to others.
storage::Accepted<std::vector<FilePart>> indexed_parts(PartReader& file, std::string const& path);

} // namespace continuo::dashlive
