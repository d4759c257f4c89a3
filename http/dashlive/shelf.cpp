#include "http/dashlive/shelf.hpp"

namespace continuo::dashlive {

AssetShelf::Found AssetShelf::find(std::string_view path) const {
    for (auto slash = path.rfind('/'); slash != std::string_view::npos && slash > 0;
         slash = path.rfind('/', slash - 1)) {
        auto const found = assets.find(path.substr(0, slash));
        if (found != assets.end() && found->second->asset)
            return {.asset = found->second->asset, .rest = path.substr(slash + 1)};
    }
    return {.asset = nullptr, .rest = path};
}

} // namespace continuo::dashlive
