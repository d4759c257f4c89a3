// Where assets are: the folders with MPDs, however deep. Blocks on storage.
#pragma once

#include "http/dashlive/asset/reader.hpp"

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace continuo::dashlive {

/// No tree of folders is followed further.
inline constexpr std::size_t most_folders = 100'000;
inline constexpr std::size_t deepest_folder = 16;

struct FolderTree {
    std::vector<AssetFolder> assets; ///< in the order of their names
    bool has_more{false};            ///< than `most_folders`
    bool is_cancelled{false};
};

/// Of `top`, called `name`, and all below. `top` may be a link to anywhere; below it links to
/// folders are followed as long as they lead into `top` or `root`, and not back to a folder that is
/// above them. One that leads out is there with that as an obstacle. Hidden folders are left out.
/// `enter` is called with each folder before it is looked at; when it returns false, no further one
/// is.
FolderTree folders_below(std::filesystem::path const& top, std::string const& name,
                         std::filesystem::path const& root,
                         std::function<bool(std::filesystem::path const&)> const& enter);

} // namespace continuo::dashlive
