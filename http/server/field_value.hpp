// What the values of header fields have in common, whichever field it is.
#pragma once

#include <string_view>

namespace continuo::server {

/// An element of a field's value without the white space around it (RFC 9110 §5.6.3, OWS).
constexpr std::string_view trimmed(std::string_view text) {
    auto const first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

} // namespace continuo::server
