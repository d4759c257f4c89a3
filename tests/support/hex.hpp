// Bytes written as hex in tests.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace continuo::test {

/// "47 40 00" or "474000"; anything that is no hex digit separates.
inline std::vector<std::uint8_t> bytes_of(std::string_view hex) {
    std::vector<std::uint8_t> bytes;
    int high = -1;
    for (char const c : hex) {
        int digit = -1;
        if (c >= '0' && c <= '9') digit = c - '0';
        if (c >= 'a' && c <= 'f') digit = c - 'a' + 10;
        if (c >= 'A' && c <= 'F') digit = c - 'A' + 10;
        if (digit < 0) continue;
        if (high < 0) {
            high = digit;
        } else {
            bytes.push_back(static_cast<std::uint8_t>(high << 4 | digit));
            high = -1;
        }
    }
    return bytes;
}

} // namespace continuo::test
