// A splice_info_section of ANSI/SCTE 35 as a value, from its bytes and back: what announces that a
// break begins or ends.
#pragma once

#include "core/base/result.hpp"
#include "core/scte35/splice_descriptor.hpp"

#include <span>

namespace continuo::scte35 {

/// §9.6. The lengths, flags that say what is there, and the checksum follow from the rest.
struct SpliceInfo {
    std::uint8_t sap_type{3};            ///< 2 bit; 3: not specified
    std::uint8_t encryption_algorithm{}; ///< 6 bit; says something in encrypted sections only
    Ticks90k pts_adjustment{};           ///< 33 bit, added to every pts_time (modulo 2^33)
    std::uint8_t cw_index{};
    std::uint16_t tier{0xFFF};
    bool legacy_command_length{}; ///< splice_command_length is 0xFFF: not told
    SpliceCommand command;
    Bytes command_rest{}; ///< what a later edition may have added to the command
    std::vector<SpliceDescriptor> descriptors;
    Bytes alignment_stuffing{};

    bool encrypted_packet() const noexcept {
        return std::holds_alternative<EncryptedCommand>(command);
    }
    friend bool operator==(SpliceInfo const&, SpliceInfo const&) = default;
};

/// The size of the section that `bytes` begin with, by its section_length; nothing for less than
/// three bytes. It may be longer than `bytes`.
std::optional<std::size_t> section_size(std::span<std::uint8_t const> bytes) noexcept;

/// `section`: table_id to CRC_32; what stands behind is not looked at. An encrypted section is read
/// as far as it is clear.
/// Errors: `Errc::truncated` and `Errc::malformed` name the field and its byte offset, among them a
/// wrong CRC_32, with both values; `Errc::unsupported`: protocol_version, or a command of unknown
/// kind that hides its length.
/// Spec: ANSI/SCTE 35 §9.6. Reserved bits are not looked at; they are ones when written.
Result<SpliceInfo> parse_splice_info(std::span<std::uint8_t const> section);

/// The section, checksum included. What was read from a section fits into one again; others must
/// stay below 4096 bytes (254 a descriptor).
Bytes encode(SpliceInfo const& info);

/// One descriptor alone, splice_descriptor_tag first.
Bytes encode(SpliceDescriptor const& descriptor);

std::uint8_t splice_command_type_of(SpliceCommand const& command) noexcept;
std::uint8_t splice_descriptor_tag_of(SpliceDescriptor const& descriptor) noexcept;

} // namespace continuo::scte35
