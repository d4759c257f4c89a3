#include "http/dashlive/asset/shelf.hpp"

namespace continuo::dashlive {
namespace {

/// Calls `take(name, rest)` for what may be the name of an asset at the beginning of `path`, the
/// longest first, until it returns true.
template <class Take>
void for_each_name(std::string_view path, Take take) {
    for (auto slash = path.rfind('/'); slash != std::string_view::npos && slash > 0;
         slash = path.rfind('/', slash - 1))
        if (take(path.substr(0, slash), path.substr(slash + 1))) return;
}

} // namespace

AssetShelf::Found AssetShelf::find(std::string_view path) const {
    Found found{.asset = nullptr, .rest = path};
    for_each_name(path, [&](std::string_view name, std::string_view rest) {
        auto const known = assets.find(name);
        if (known == assets.end() || !known->second->asset) return false;
        found = {.asset = known->second->asset, .rest = rest};
        return true;
    });
    return found;
}

AssetShelf::FoundFolder AssetShelf::find_folder(std::string_view path) const {
    FoundFolder found{.view = nullptr, .rest = path};
    for_each_name(path, [&](std::string_view name, std::string_view rest) {
        auto const known = assets.find(name);
        if (known == assets.end() || !known->second->is_read || known->second->folder.empty())
            return false;
        found = {.view = known->second, .rest = rest};
        return true;
    });
    return found;
}

} // namespace continuo::dashlive
