// Fragmented MP4 measured. For segment_facts.cpp.
#pragma once

#include "core/media/segment_facts.hpp"

namespace continuo::media {

Result<SegmentFacts> fragment_facts(std::span<std::uint8_t const> segment,
                                    std::span<std::uint8_t const> init);

} // namespace continuo::media
