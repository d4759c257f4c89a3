// The segment index (sidx): what a segment's parts are, how long and how large.
#pragma once

#include "core/base/result.hpp"
#include "core/mp4/box.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace continuo::mp4 {

struct SegmentIndex {
    struct Reference {
        bool is_index{false};     ///< to another sidx, else to media
        std::uint32_t size{};     ///< bytes, 31 bit
        std::uint32_t duration{}; ///< in units of the index' timescale
        bool starts_with_sap{false};
        std::uint8_t sap_type{};
        std::uint32_t sap_delta_time{}; ///< 28 bit

        friend bool operator==(Reference const&, Reference const&) = default;
    };

    std::size_t offset{};
    std::uint8_t version{};
    std::uint32_t reference_id{}; ///< the track
    std::uint32_t timescale{};
    std::uint64_t earliest_presentation_time{}; ///< edit lists not applied
    std::uint64_t first_offset{}; ///< bytes from the end of the box to what is referred to first
    std::vector<Reference> references;
};

/// `box`: of type sidx. Errors, with the offset: `Errc::truncated`.
/// Spec: ISO/IEC 14496-12 §8.16.3.
Result<SegmentIndex> parse_segment_index(Box const& box);

/// The whole box; of `index` all but its offset. `version` is 0 or 1; at most 65535 references.
std::vector<std::uint8_t> encode(SegmentIndex const& index);

} // namespace continuo::mp4
