#include "core/base/binary_text.hpp"

namespace continuo {
namespace {

constexpr std::string_view base64_digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view hex_digits = "0123456789ABCDEF";
constexpr unsigned bits_per_byte = 8;
constexpr unsigned bits_per_base64_digit = 6;

std::optional<unsigned> hex_value(char digit) noexcept {
    if (digit >= 'a' && digit <= 'f') digit = static_cast<char>(digit - 'a' + 'A');
    auto const value = hex_digits.find(digit);
    if (value == std::string_view::npos) return std::nullopt;
    return static_cast<unsigned>(value);
}

} // namespace

std::string base64_of(std::span<std::uint8_t const> bytes) {
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    unsigned held = 0;
    unsigned bits = 0;
    for (auto const byte : bytes) {
        held = held << bits_per_byte | byte;
        for (bits += bits_per_byte; bits >= bits_per_base64_digit;) {
            bits -= bits_per_base64_digit;
            text += base64_digits[held >> bits & 0x3F];
        }
        held &= (1u << bits) - 1;
    }
    if (bits > 0) text += base64_digits[held << (bits_per_base64_digit - bits) & 0x3F];
    text.resize((text.size() + 3) / 4 * 4, '=');
    return text;
}

std::optional<std::vector<std::uint8_t>> bytes_of_base64(std::string_view text) {
    if (text.size() % 4 == 0 && text.ends_with('='))
        text.remove_suffix(text.ends_with("==") ? 2 : 1);
    if (text.size() % 4 == 1) return std::nullopt;
    std::vector<std::uint8_t> bytes;
    bytes.reserve(text.size() / 4 * 3 + 2);
    unsigned held = 0;
    unsigned bits = 0;
    for (auto const character : text) {
        auto const digit = base64_digits.find(character);
        if (digit == std::string_view::npos) return std::nullopt;
        held = held << bits_per_base64_digit | static_cast<unsigned>(digit);
        bits += bits_per_base64_digit;
        if (bits < bits_per_byte) continue;
        bits -= bits_per_byte;
        bytes.push_back(static_cast<std::uint8_t>(held >> bits));
        held &= (1u << bits) - 1;
    }
    return bytes;
}

std::string hex_of(std::span<std::uint8_t const> bytes) {
    std::string text;
    text.reserve(2 * bytes.size());
    for (auto const byte : bytes) {
        text += hex_digits[byte >> 4];
        text += hex_digits[byte & 0xF];
    }
    return text;
}

std::optional<std::vector<std::uint8_t>> bytes_of_hex(std::string_view text) {
    if (text.size() % 2 != 0) return std::nullopt;
    std::vector<std::uint8_t> bytes;
    bytes.reserve(text.size() / 2);
    for (std::size_t i = 0; i < text.size(); i += 2) {
        auto const high = hex_value(text[i]);
        auto const low = hex_value(text[i + 1]);
        if (!high || !low) return std::nullopt;
        bytes.push_back(static_cast<std::uint8_t>(*high << 4 | *low));
    }
    return bytes;
}

} // namespace continuo
