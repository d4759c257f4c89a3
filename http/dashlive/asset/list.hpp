// All assets, for people and programs: what can be asked for, and why something can not. Pure.
#pragma once

#include "http/dashlive/asset/shelf.hpp"

#include <string>
#include <string_view>

namespace continuo::dashlive {

/// What is known of one asset: an element of the next.
std::string asset_json(std::string const& name, AssetView const& view);
/// {"complete": whether all have been read, "assets": [...]}: name, state (reading, ready,
/// refused), manifests that are served, refused ones with their reasons, notes, loop, tracks.
std::string assets_json(AssetShelf const& shelf);

/// The page's rows; `{{assets}}` in its template.
std::string assets_html(AssetShelf const& shelf);

} // namespace continuo::dashlive
