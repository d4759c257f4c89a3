#include "core/base/name.hpp"

#include <algorithm>

namespace continuo {
namespace {

bool is_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

} // namespace

bool is_valid_name(std::string_view name) noexcept {
    return !name.empty() && name.size() <= 64 && is_word(name.front()) &&
           std::all_of(name.begin(), name.end(),
                       [](char c) { return is_word(c) || c == '_' || c == '-'; });
}

} // namespace continuo
