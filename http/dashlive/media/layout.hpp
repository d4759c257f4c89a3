// A stored segment as it has to be known to be served under other times: read once from its bytes,
// kept by `Layouts`, and shared by all who ask for the segment. Pure.
#pragma once

#include "core/base/result.hpp"
#include "core/mp4/movable_segment.hpp"
#include "core/mp4/sample_location.hpp"
#include "core/mp4/subsample_sizes.hpp"
#include "http/dashlive/asset/asset.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace continuo::dashlive {

struct Layout {
    mp4::MovableSegment segment;
    mp4::SegmentSamples samples;     ///< of its track; offsets from the segment's first byte
    std::vector<std::uint8_t> type;  ///< styp, the whole box; empty where there is none
    mp4::SubsampleSizes subsamples;  ///< subs, of documents (stpp)
    std::vector<std::uint8_t> media; ///< all of the segment, where its bytes will be changed

    std::size_t memory_bytes() const noexcept; ///< about how much it takes
};
using LayoutPtr = std::shared_ptr<Layout const>;

enum class Depth : std::uint8_t {
    structure,  ///< media data are sent from the file
    with_media, ///< they are kept, too: to be encrypted, or moved in time (TTML)
};

/// Whether the samples of a track are documents (TTML), which tell their times themselves.
bool holds_documents(Track const& track) noexcept;

/// `bytes`: the whole segment, which belongs to `track`. Errors: those of `MovableSegment::parse`,
/// `locate_samples` and `parse_subsample_sizes`; `Errc::unsupported` for documents with images
/// (subs) in several fragments.
Result<Layout> parse_layout(Track const& track, std::vector<std::uint8_t> bytes, Depth depth);

} // namespace continuo::dashlive
