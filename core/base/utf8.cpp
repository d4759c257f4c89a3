#include "core/base/utf8.hpp"

#include <algorithm>
#include <cstddef>

namespace continuo {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD"; // U+FFFD

/// What a sequence's first byte asks of the rest: so many bytes, the first of them within a range.
struct Lead {
    std::size_t followers{0};
    unsigned char lowest{0x80};
    unsigned char highest{0xBF};
    bool valid{true};
};

/// The narrowed ranges keep out overlong forms, surrogates, and what lies beyond U+10FFFF.
Lead lead_of(unsigned char byte) {
    if (byte < 0x80) return {};
    if (byte >= 0xC2 && byte <= 0xDF) return {.followers = 1};
    if (byte == 0xE0) return {.followers = 2, .lowest = 0xA0};
    if (byte == 0xED) return {.followers = 2, .highest = 0x9F};
    if (byte >= 0xE1 && byte <= 0xEF) return {.followers = 2};
    if (byte == 0xF0) return {.followers = 3, .lowest = 0x90};
    if (byte == 0xF4) return {.followers = 3, .highest = 0x8F};
    if (byte >= 0xF1 && byte <= 0xF3) return {.followers = 3};
    return {.valid = false};
}

} // namespace

std::string well_formed_utf8(std::string_view bytes) {
    std::string text;
    text.reserve(bytes.size());
    while (!bytes.empty()) {
        auto const lead = lead_of(static_cast<unsigned char>(bytes.front()));
        auto const length = std::min(bytes.size(), lead.followers + 1);
        std::size_t taken = 1;
        for (; taken < length; ++taken) {
            auto const byte = static_cast<unsigned char>(bytes[taken]);
            auto const lowest = taken == 1 ? lead.lowest : 0x80;
            auto const highest = taken == 1 ? lead.highest : 0xBF;
            if (byte < lowest || byte > highest) break;
        }
        auto const whole = lead.valid && taken == lead.followers + 1;
        text += whole ? bytes.substr(0, taken) : replacement;
        bytes.remove_prefix(taken);
    }
    return text;
}

} // namespace continuo
