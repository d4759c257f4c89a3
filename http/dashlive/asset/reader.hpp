// A folder with MPDs -> an asset. Blocks on storage: for threads of the crew, and for the command
// line.
#pragma once

#include "http/dashlive/asset/assembly.hpp"
#include "http/dashlive/asset/index.hpp"
#include "http/storage/crew.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace continuo::dashlive {

struct AssetFolder {
    std::string name;                   ///< "WAVE/av"
    std::filesystem::path folder;       ///< canonical
    std::filesystem::path root;         ///< canonical; links may lead to anything in it
    std::vector<std::string> manifests; ///< names of MPDs in the folder
    std::string obstacle{};             ///< why it is not looked into; empty where it is
};

struct AssetReading {
    Assembled assembled;
    AssetIndex index;     ///< what was measured
    bool has_news{false}; ///< it is not what was known
};

/// `known`: what was measured before. Where the process ends meanwhile, all of it is refused. A
/// folder with an obstacle is no asset, and has that as a note.
AssetReading read_asset(AssetFolder const& where, AssetIndex known, storage::Duty& duty);

/// The MPDs in a folder, in the order of their names.
std::vector<std::string> manifests_in(std::filesystem::path const& folder);

} // namespace continuo::dashlive
