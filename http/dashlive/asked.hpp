// What the URL of a request asks for: a session, and what of it. The first step of every answer.
// Pure: assets are where the shelf says.
#pragma once

#include "http/dashlive/asset/shelf.hpp"
#include "http/dashlive/options/options.hpp"
#include "http/dashlive/session/session.hpp"

#include <string>
#include <string_view>

namespace continuo::dashlive {

struct Asked {
    Session session;
    std::string path; ///< behind the asset: "Manifest.mpd", "bu0/V300/40.m4s"
};

/// `path`: behind the prefix of its dialect, decoded: "tsbd_20/testpic_2s/Manifest.mpd".
/// Errors: 400 naming the option, 404 for an asset that isn't there, 503 for one that may be there
/// when all have been read.
Answer<Asked> asked_for(AssetShelf const& shelf, Dialect dialect, std::string_view path,
                        DateTime now);

/// A path that begins with its dialect, as those of patches do: "livesim2/patch_60/...".
struct PrefixedPath {
    Dialect dialect{};
    std::string_view path;
};
/// Errors: 404.
Answer<PrefixedPath> without_prefix(std::string_view path);

} // namespace continuo::dashlive
