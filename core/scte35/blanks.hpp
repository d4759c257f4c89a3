// Cues pass through editors, shells and other systems' files, which leave blanks around them. For
// this room's .cpp files.
#pragma once

#include <string_view>

namespace continuo::scte35 {

inline std::string_view without_blanks(std::string_view text) noexcept {
    constexpr std::string_view blanks = " \t\r\n";
    auto const first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

} // namespace continuo::scte35
