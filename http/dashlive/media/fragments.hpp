// Strands -> the fragments of a segment: its type, what is announced in it, and a moof and an mdat
// for each chunk. Pure.
#pragma once

#include "http/dashlive/media/composed.hpp"
#include "http/dashlive/media/strand.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace continuo::dashlive {

/// `strands`: at least one; the first one says where chunks of about `length` are cut, the others
/// follow. One chunk for a `length` of 0.
Composed fragments_of(Session const& session, MediaName const& name,
                      std::vector<Strand> const& strands, std::chrono::milliseconds length);

/// A sidx over the whole segment (sidx_1), for in front of its first moof: of 52 bytes, its size
/// still to be set. `start`: of the segment, as its tfdt has it.
std::vector<std::uint8_t> segment_index(Session const& session, Track const& track,
                                        std::int64_t index, std::int64_t start);
/// Makes the sidx that begins at `begin` of `bytes` refer to all that is behind it in a segment of
/// `segment_bytes`.
void set_reference_size(std::vector<std::uint8_t>& bytes, std::size_t begin,
                        std::uint64_t segment_bytes);

} // namespace continuo::dashlive
