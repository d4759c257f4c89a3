// What a segmentation is called: the unique programme identifiers of ANSI/SCTE 35 §10.3.3.1, for
// people who read a cue.
#pragma once

#include "core/scte35/splice_descriptor.hpp"

#include <string>

namespace continuo::scte35 {

struct Upid {
    std::uint8_t type{}; ///< segmentation_upid_type
    Bytes bytes{};
    friend bool operator==(Upid const&, Upid const&) = default;
};

/// None, one, or those that a MID() holds; a MID() that is broken stands for itself.
std::vector<Upid> upids_of(SegmentationDescriptor const& segmentation);

/// As its registry writes it: an EIDR "10.5240/8BE5-E3F6-0000-0000-0000", a UUID, a TI in decimal,
/// text as it is. Nothing for binary kinds and for what does not have the form of its kind.
std::optional<std::string> to_text(Upid const& upid);

/// `bytes` as text where all of them are printable ASCII.
std::optional<std::string> printable(Bytes const& bytes);

} // namespace continuo::scte35
