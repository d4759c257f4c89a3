// Packed audio measured: frames without a transport stream, their time in an ID3 tag (RFC 8216
// §3.4). For segment_facts.cpp.
#pragma once

#include "core/media/segment_facts.hpp"

namespace continuo::media {

/// Never fails: without the tag there is no `begin`, without frames no duration.
SegmentFacts packed_facts(std::span<std::uint8_t const> segment);

} // namespace continuo::media
