// What the writer of an unknown word probably meant.
#pragma once

#include <span>
#include <string_view>

namespace continuo::config {

/// The candidate with the fewest letters added, dropped, changed or swapped; empty when none is
/// near enough to be meant.
std::string_view nearest(std::string_view word, std::span<std::string_view const> candidates);

} // namespace continuo::config
