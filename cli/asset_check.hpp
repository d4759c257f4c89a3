// Looks into the assets that schedules name, as HTTP will, before it has to. Blocks.
#pragma once

#include "core/config/config.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace continuo::cli {

struct AssetComplaint {
    std::string key; ///< "channels[0].schedule[1].asset"
    std::string message;
};

/// What is wrong with the root, and with the assets of all schedules by themselves and together.
/// Durations are taken from the playlists: nothing is measured.
std::vector<AssetComplaint> complaints_about_assets(config::Config const& config);

} // namespace continuo::cli
