// Bytes as the texts that people and playlists write them in: base64 and hexadecimal.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace continuo {

/// With padding: RFC 4648 §4.
std::string base64_of(std::span<std::uint8_t const> bytes);

/// Nothing where a character is none of the alphabet's, or the length is none that bytes have.
/// Padding may be left out; bits behind the last byte are passed over, as other decoders do.
std::optional<std::vector<std::uint8_t>> bytes_of_base64(std::string_view text);

/// "FC3025": capitals, as playlists have it (RFC 8216 §4.2).
std::string hex_of(std::span<std::uint8_t const> bytes);

/// In either case, without prefix; nothing for an odd length and for anything that is no digit.
std::optional<std::vector<std::uint8_t>> bytes_of_hex(std::string_view text);

} // namespace continuo
