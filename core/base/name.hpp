// What channels and variants may be called: their names stand in paths, URLs and log lines as they
// are.
#pragma once

#include <string_view>

namespace continuo {

/// [a-z0-9] first, then [a-z0-9_-]; 64 characters at most.
bool is_valid_name(std::string_view name) noexcept;

} // namespace continuo
