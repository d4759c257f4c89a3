// What was found about an asset, as text for people. Pure.
#pragma once

#include "http/dashlive/asset/shelf.hpp"

#include <string>

namespace continuo::cli {

/// Of an asset of which one MPD was read. Ends with a newline.
std::string analysis_report(dashlive::AssetView const& view);

} // namespace continuo::cli
