// All assets as they are from one change on: what the library puts there, and every thread takes
// from. Immutable.
#pragma once

#include "http/dashlive/asset/assembly.hpp"
#include "http/dashlive/asset/asset.hpp"
#include "http/dashlive/options/options.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace continuo::dashlive {

/// A folder with MPDs.
struct AssetView {
    std::filesystem::path folder{};       ///< canonical; empty where it is not looked into
    bool is_read{false};                  ///< whether anything below is known
    std::vector<std::string> manifests{}; ///< all that lie there
    AssetPtr asset{};                     ///< null where none of them can be served
    std::vector<RefusedManifest> refused{};
    std::vector<std::string> notes{};
};
using AssetViewPtr = std::shared_ptr<AssetView const>;

struct AssetShelf {
    bool is_complete{false}; ///< all folders are known, and have been read
    bool allows_clock{false};
    OptionLimits limits{};
    std::filesystem::path root; ///< canonical; empty where nothing is served
    /// By their names: "WAVE/av", the folder from the root on.
    std::map<std::string, AssetViewPtr, std::less<>> assets{};

    struct Found {
        AssetPtr asset;        ///< null where there is none
        std::string_view rest; ///< of the path, behind the asset's name and a slash
    };
    /// The asset with the longest name that `path` begins with, up to a slash; of those that can be
    /// served.
    Found find(std::string_view path) const;

    struct FoundFolder {
        AssetViewPtr view; ///< null where there is none
        std::string_view rest;
    };
    /// The same among all folders, of assets that are refused too.
    FoundFolder find_folder(std::string_view path) const;
};

} // namespace continuo::dashlive
