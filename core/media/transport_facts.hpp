// Transport streams measured. For segment_facts.cpp.
#pragma once

#include "core/media/segment_facts.hpp"

namespace continuo::media {

/// Never fails: what has no tables or no pictures has no times.
SegmentFacts transport_facts(std::span<std::uint8_t const> segment);

} // namespace continuo::media
