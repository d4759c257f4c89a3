#include "core/scte35/names.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace continuo::scte35 {
namespace {

using Name = std::pair<std::uint8_t, std::string_view>;

constexpr std::string_view unknown_name = "unknown";

constexpr auto segmentation_types = std::to_array<Name>({
    {0x00, "Not Indicated"},
    {0x01, "Content Identification"},
    {0x02, "Private"},
    {0x10, "Program Start"},
    {0x11, "Program End"},
    {0x12, "Program Early Termination"},
    {0x13, "Program Breakaway"},
    {0x14, "Program Resumption"},
    {0x15, "Program Runover Planned"},
    {0x16, "Program Runover Unplanned"},
    {0x17, "Program Overlap Start"},
    {0x18, "Program Blackout Override"},
    {0x19, "Program Join"},
    {0x1A, "Program Immediate Resumption"},
    {0x20, "Chapter Start"},
    {0x21, "Chapter End"},
    {0x22, "Break Start"},
    {0x23, "Break End"},
    {0x24, "Opening Credit Start"},
    {0x25, "Opening Credit End"},
    {0x26, "Closing Credit Start"},
    {0x27, "Closing Credit End"},
    {0x30, "Provider Advertisement Start"},
    {0x31, "Provider Advertisement End"},
    {0x32, "Distributor Advertisement Start"},
    {0x33, "Distributor Advertisement End"},
    {0x34, "Provider Placement Opportunity Start"},
    {0x35, "Provider Placement Opportunity End"},
    {0x36, "Distributor Placement Opportunity Start"},
    {0x37, "Distributor Placement Opportunity End"},
    {0x38, "Provider Overlay Placement Opportunity Start"},
    {0x39, "Provider Overlay Placement Opportunity End"},
    {0x3A, "Distributor Overlay Placement Opportunity Start"},
    {0x3B, "Distributor Overlay Placement Opportunity End"},
    {0x3C, "Provider Promo Start"},
    {0x3D, "Provider Promo End"},
    {0x3E, "Distributor Promo Start"},
    {0x3F, "Distributor Promo End"},
    {0x40, "Unscheduled Event Start"},
    {0x41, "Unscheduled Event End"},
    {0x42, "Alternate Content Opportunity Start"},
    {0x43, "Alternate Content Opportunity End"},
    {0x44, "Provider Ad Block Start"},
    {0x45, "Provider Ad Block End"},
    {0x46, "Distributor Ad Block Start"},
    {0x47, "Distributor Ad Block End"},
    {0x50, "Network Start"},
    {0x51, "Network End"},
});

constexpr std::array<std::string_view, 18> upid_types{
    "Not Used", "User Defined", "ISCI",
    "Ad-ID",    "UMID",         "ISAN (deprecated)",
    "ISAN",     "TID",          "TI",
    "ADI",      "EIDR",         "ATSC Content Identifier",
    "MPU()",    "MID()",        "ADS Information",
    "URI",      "UUID",         "SCR"};

constexpr std::array<std::string_view, 4> device_groups{"Restrict Group 0", "Restrict Group 1",
                                                        "Restrict Group 2", "None"};

// In the order of the variants.
constexpr std::array<std::string_view, std::variant_size_v<SpliceCommand>> commands{
    "splice_null",           "splice_insert",   "splice_schedule", "time_signal",
    "bandwidth_reservation", "private_command", unknown_name,      "encrypted"};
constexpr std::array<std::string_view, std::variant_size_v<decltype(SpliceDescriptor::body)>>
    descriptors{"avail_descriptor", "DTMF_descriptor",  "segmentation_descriptor",
                "time_descriptor",  "audio_descriptor", unknown_name};

} // namespace

std::string_view name_of(SpliceCommand const& command) noexcept {
    return commands[command.index()];
}

std::string_view name_of(SpliceDescriptor const& descriptor) noexcept {
    return descriptors[descriptor.body.index()];
}

std::string_view segmentation_type_name(std::uint8_t segmentation_type_id) noexcept {
    auto const* const found =
        std::ranges::find(segmentation_types, segmentation_type_id, &Name::first);
    return found == segmentation_types.end() ? unknown_name : found->second;
}

std::string_view upid_type_name(std::uint8_t segmentation_upid_type) noexcept {
    return segmentation_upid_type < upid_types.size() ? upid_types[segmentation_upid_type]
                                                      : unknown_name;
}

std::string_view device_restrictions_name(std::uint8_t device_restrictions) noexcept {
    return device_groups[device_restrictions & 3U];
}

} // namespace continuo::scte35
