#include "core/scte35/cue_text.hpp"

#include "core/base/binary_text.hpp"
#include "core/scte35/blanks.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace continuo::scte35 {
namespace {

constexpr std::size_t largest_section = 4096;
constexpr std::size_t digits_of_largest = 9865; // decimal; hexadecimal has fewer

bool is_decimal(std::string_view text) {
    return std::ranges::all_of(text, [](char digit) { return digit >= '0' && digit <= '9'; });
}

/// Nine digits a step: limbs of 32 bits, the lowest first.
Bytes bytes_of_decimal(std::string_view digits) {
    std::vector<std::uint32_t> limbs;
    while (!digits.empty()) {
        auto const taken = digits.substr(0, 9);
        digits.remove_prefix(taken.size());
        std::uint64_t carry = 0;
        std::uint64_t scale = 1;
        for (auto const digit : taken) {
            carry = carry * 10 + static_cast<std::uint64_t>(digit - '0');
            scale *= 10;
        }
        for (auto& limb : limbs) {
            carry += limb * scale;
            limb = static_cast<std::uint32_t>(carry);
            carry >>= 32;
        }
        if (carry > 0) limbs.push_back(static_cast<std::uint32_t>(carry));
    }
    Bytes bytes;
    for (auto limb = limbs.rbegin(); limb != limbs.rend(); ++limb)
        for (int shift = 24; shift >= 0; shift -= 8)
            bytes.push_back(static_cast<std::uint8_t>(*limb >> shift));
    bytes.erase(bytes.begin(), std::ranges::find_if(bytes, [](auto byte) { return byte != 0; }));
    return bytes;
}

std::optional<Bytes> bytes_of(std::string_view text) {
    if (text.starts_with("0x") || text.starts_with("0X")) return bytes_of_hex(text.substr(2));
    if (is_decimal(text)) return bytes_of_decimal(text);
    // No section's base64 begins so: its first six bits are ones, "/".
    if (text.starts_with("FC") || text.starts_with("fc")) return bytes_of_hex(text);
    return bytes_of_base64(text);
}

} // namespace

Result<CueText> parse_cue_text(std::string_view text) {
    text = without_blanks(text);
    if (text.empty()) return fail(Errc::malformed, "an empty cue");
    if (text.size() > digits_of_largest) return fail(Errc::out_of_range, "the length of the cue");
    auto bytes = bytes_of(text);
    if (!bytes) {
        return fail(Errc::malformed, fmt::format("a cue that is no base64, hexadecimal or decimal: "
                                                 "\"{}\"",
                                                 text.substr(0, 40)));
    }
    if (bytes->size() > largest_section) return fail(Errc::out_of_range, "the length of the cue");
    auto info = parse_splice_info(*bytes);
    if (!info) return info.error();
    if (auto const size = section_size(*bytes).value(); size < bytes->size()) {
        return fail(Errc::malformed,
                    fmt::format("{} bytes behind the section", bytes->size() - size));
    }
    return CueText{.section = *std::move(bytes), .info = *std::move(info)};
}

} // namespace continuo::scte35
