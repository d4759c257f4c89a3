// Inputs that are made of several: cut at NUL bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace continuo::fuzz {

/// At least one; they point into `data`.
inline std::vector<std::string_view> parts_of(std::uint8_t const* data, std::size_t size) {
    std::string_view text(reinterpret_cast<char const*>(data), size);
    std::vector<std::string_view> parts;
    for (std::size_t end; (end = text.find('\0')) != std::string_view::npos;
         text.remove_prefix(end + 1))
        parts.push_back(text.substr(0, end));
    parts.push_back(text);
    return parts;
}

} // namespace continuo::fuzz
