// Rules 6, 19 to 22 and 37: the variants and renditions of one multivariant playlist against each
// other.
#pragma once

#include "core/hls/multivariant_playlist.hpp"
#include "core/hls/rules/finding.hpp"
#include "core/hls/rules/stream.hpp"

#include <span>

namespace continuo::hls::rules {

/// After stream `index` was polled: dates in all or none (19), equal target durations and
/// discontinuity numbers (20), no stream more than one segment behind another (21), equal
/// SERVER-CONTROL (22), equal breaks (37). Remarks are about stream `index`.
Remarks check_lists(std::span<Stream const> streams, std::size_t index);

/// After segment `number` of stream `index` was measured: the same number starts at the same time
/// in all of them (20, renditions 22), at the same date (19).
Remarks check_matching(std::span<Stream const> streams, std::size_t index, std::uint64_t number);

/// BANDWIDTH of the variant that is stream `index` against the peaks measured, its renditions'
/// included; CODECS against what was found in the segments.
Remarks check_variant(std::span<Stream const> streams, std::size_t index,
                      VariantStream const& declared, std::span<Rendition const> renditions);

/// The peak segment bit rate in bit/s: of any neighbouring segments that last 0.5 to 1.5 target
/// durations (RFC 8216 §4.1).
std::uint64_t peak_bit_rate(SegmentLog const& log, std::chrono::seconds target_duration);

} // namespace continuo::hls::rules
