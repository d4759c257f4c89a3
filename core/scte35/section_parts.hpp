// The two parts of a splice_info_section that have many forms, from bits and to bits. For this
// room's .cpp files.
#pragma once

#include "core/scte35/field_reader.hpp"
#include "core/scte35/field_writer.hpp"
#include "core/scte35/splice_info.hpp"

namespace continuo::scte35 {

inline constexpr unsigned pts_bits = 33;

/// The command proper; what it does not know of stays in the reader. Commands that have no end of
/// their own take all that the reader has.
SpliceCommand read_command(std::uint8_t splice_command_type, FieldReader& reader);
bool has_own_end(SpliceCommand const& command) noexcept;
void write(SpliceCommand const& command, FieldWriter& writer);

/// From splice_descriptor_tag on.
SpliceDescriptor read_descriptor(FieldReader& reader);
void write(SpliceDescriptor const& descriptor, FieldWriter& writer);

} // namespace continuo::scte35
