// Whether what the channels may take is there. Pure.
#pragma once

#include "core/config/config.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace continuo::cli {

/// What to say when the channels' budgets together are more than the file system of `directory`
/// holds; empty when they are not.
std::string complaint_about_budgets(std::vector<config::Channel> const& channels,
                                    std::uint64_t size_bytes, std::string_view directory);

} // namespace continuo::cli
