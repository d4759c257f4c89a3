// What the API says about streams: JSON. Pure.
#pragma once

#include "http/pseudolive/shelf.hpp"

#include <string>

namespace continuo::pseudolive {

/// {"streams":[{"name","state":"reading"|"ready"|"refused","note","urls":{"master","alias"},...}]};
/// of those that are ready also "variants", "segments" and "loop_s" of a lap, "target_duration_s",
/// "unmeasured" (segments of all playlists that were not measured yet) and "era".
std::string streams_json(Shelf const& shelf);

} // namespace continuo::pseudolive
