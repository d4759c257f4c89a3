// What the standard calls the codes of a splice_info_section, for people who read one.
#pragma once

#include "core/scte35/splice_info.hpp"

#include <string_view>

namespace continuo::scte35 {

/// "splice_insert"; "unknown" for what the standard does not name, here as below.
std::string_view name_of(SpliceCommand const& command) noexcept;
/// "segmentation_descriptor".
std::string_view name_of(SpliceDescriptor const& descriptor) noexcept;

/// Table 23: "Provider Placement Opportunity Start".
std::string_view segmentation_type_name(std::uint8_t segmentation_type_id) noexcept;
/// Table 22: "Ad-ID".
std::string_view upid_type_name(std::uint8_t segmentation_upid_type) noexcept;
/// Table 21: "None".
std::string_view device_restrictions_name(std::uint8_t device_restrictions) noexcept;

} // namespace continuo::scte35
