// URLs of a session that its MPDs hold: of themselves, of patches, of other origins. Pure.
#pragma once

#include "http/dashlive/asset/asset.hpp"
#include "http/dashlive/session/session.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace continuo::dashlive {

/// "/livesim2/tsbd_20/testpic_2s/": the folder that all names in an MPD are relative to.
std::string folder_path(Session const& session);

/// "/livesim2/tsbd_20/testpic_2s/Manifest.mpd".
std::string manifest_path(Session const& session, Manifest const& manifest);

/// The same with startrel and stoprel as the instants that they mean now.
std::string fixed_manifest_path(Session const& session, Manifest const& manifest);

/// "/patch/livesim2/.../Manifest.mpp".
std::string patch_path(Session const& session, Manifest const& manifest);

/// The folder as the origin `number` has it, from 0 on: of all baseurl options only that one is
/// left.
std::string origin_path(Session const& session, std::size_t number);

/// `path` with a query; with none where both are empty. `first`: "publishTime=...", which takes the
/// place of what `query` has of that name.
std::string with_query(std::string path, std::string_view first, std::string_view query);

/// `query` without its pairs of that name.
std::string without_pair(std::string_view query, std::string_view name);

} // namespace continuo::dashlive
