#include "core/scte35/splice_info.hpp"

#include "core/base/crc32.hpp"
#include "core/scte35/section_parts.hpp"

#include <fmt/format.h>

namespace continuo::scte35 {
namespace {

constexpr std::uint8_t splice_info_table_id = 0xFC;
constexpr std::size_t table_header_size = 3; // table_id .. section_length
constexpr std::size_t crc_size = 4;
constexpr std::uint16_t untold_command_length = 0xFFF;

std::uint32_t last_double_word(std::span<std::uint8_t const> section) {
    std::uint32_t value = 0;
    for (auto const byte : section.last(crc_size))
        value = value << 8 | byte;
    return value;
}

/// The section alone, once its frame is sound.
Result<std::span<std::uint8_t const>> framed(std::span<std::uint8_t const> bytes) {
    auto const size = section_size(bytes);
    if (!size) return fail(Errc::truncated, "section_length at byte 1");
    if (bytes[0] != splice_info_table_id)
        return fail(Errc::malformed, fmt::format("table_id at byte 0 is {:#04x}", bytes[0]));
    if (*size > bytes.size()) {
        return fail(Errc::truncated,
                    fmt::format("the section of {} bytes at byte {}", *size, bytes.size()));
    }
    if (*size < table_header_size + crc_size)
        return fail(Errc::malformed, "section_length at byte 1");
    auto const section = bytes.first(*size);
    if (crc32_mpeg2(section) == 0) return section;
    auto const told = last_double_word(section);
    auto const found = crc32_mpeg2(section.first(*size - crc_size));
    return fail(Errc::malformed, fmt::format("CRC_32 at byte {}: the section says {:#010x}, its "
                                             "bytes give {:#010x}",
                                             *size - crc_size, told, found));
}

void read_descriptors(SpliceInfo& info, FieldReader& reader) {
    auto const descriptor_loop_length = reader.word("descriptor_loop_length");
    auto loop = reader.part(descriptor_loop_length, "splice_descriptors");
    while (loop.left_bytes() > 0 && !loop.failed())
        info.descriptors.push_back(read_descriptor(loop));
}

void read_clear_command(SpliceInfo& info, std::uint16_t length, FieldReader& reader) {
    auto const type = reader.byte("splice_command_type");
    info.legacy_command_length = length == untold_command_length;
    if (!info.legacy_command_length) {
        auto part = reader.part(length, "splice_command");
        info.command = read_command(type, part);
        info.command_rest = part.rest();
        return;
    }
    info.command = read_command(type, reader);
    if (!has_own_end(info.command))
        reader.refuse(Errc::unsupported, "splice_command_type", ": it has no length of its own");
}

/// All behind section_length.
void read_body(SpliceInfo& info, FieldReader& reader) {
    if (reader.byte("protocol_version") != 0)
        return reader.refuse(Errc::unsupported, "protocol_version", "");
    auto const encrypted_packet = reader.flag("encrypted_packet");
    info.encryption_algorithm = static_cast<std::uint8_t>(reader.bits(6, "encryption_algorithm"));
    info.pts_adjustment = reader.ticks(pts_bits, "pts_adjustment");
    info.cw_index = reader.byte("cw_index");
    info.tier = static_cast<std::uint16_t>(reader.bits(12, "tier"));
    auto const length = static_cast<std::uint16_t>(reader.bits(12, "splice_command_length"));
    if (encrypted_packet) {
        info.command = EncryptedCommand{.splice_command_length = length, .bytes = reader.rest()};
        return;
    }
    read_clear_command(info, length, reader);
    read_descriptors(info, reader);
    info.alignment_stuffing = reader.rest();
}

std::uint16_t splice_command_length_of(SpliceInfo const& info, FieldWriter const& command) {
    if (auto const* const encrypted = std::get_if<EncryptedCommand>(&info.command))
        return encrypted->splice_command_length;
    if (info.legacy_command_length) return untold_command_length;
    return static_cast<std::uint16_t>(command.written().size() + info.command_rest.size());
}

FieldWriter body_of(SpliceInfo const& info) {
    FieldWriter command;
    write(info.command, command);
    FieldWriter body;
    body.byte(0); // protocol_version
    body.flag(info.encrypted_packet());
    body.bits(6, info.encryption_algorithm);
    body.ticks(pts_bits, info.pts_adjustment);
    body.byte(info.cw_index);
    body.bits(12, info.tier);
    body.bits(12, splice_command_length_of(info, command));
    if (info.encrypted_packet()) {
        body.bytes(command.written());
        return body;
    }
    body.byte(splice_command_type_of(info.command));
    body.bytes(command.written());
    body.bytes(info.command_rest);
    FieldWriter descriptors;
    for (auto const& descriptor : info.descriptors)
        write(descriptor, descriptors);
    body.word(descriptors.written().size());
    body.bytes(descriptors.written());
    body.bytes(info.alignment_stuffing);
    return body;
}

} // namespace

std::optional<std::size_t> section_size(std::span<std::uint8_t const> bytes) noexcept {
    if (bytes.size() < table_header_size) return std::nullopt;
    return table_header_size + ((bytes[1] & 0x0FU) << 8 | bytes[2]);
}

Result<SpliceInfo> parse_splice_info(std::span<std::uint8_t const> bytes) {
    auto const section = framed(bytes);
    if (!section) return section.error();
    std::optional<Error> failure;
    FieldReader reader(section->first(section->size() - crc_size), failure);
    SpliceInfo info;
    reader.bits(10, "table_id"); // with the two indicators, which say nothing here
    info.sap_type = static_cast<std::uint8_t>(reader.bits(2, "sap_type"));
    reader.bits(12, "section_length");
    read_body(info, reader);
    if (failure) return *std::move(failure);
    return info;
}

Bytes encode(SpliceInfo const& info) {
    auto const body = body_of(info);
    FieldWriter section;
    section.byte(splice_info_table_id);
    section.bits(2, 0); // section_syntax_indicator, private_indicator
    section.bits(2, info.sap_type);
    section.bits(12, body.written().size() + crc_size);
    section.bytes(body.written());
    section.double_word(crc32_mpeg2(section.written()));
    return section.written();
}

} // namespace continuo::scte35
