// Which stream, and which of its tracks, is meant by a name directly below the root: "/clip.m3u8",
// "/clip_720p.m3u8". Pure.
#pragma once

#include "http/pseudolive/shelf.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace continuo::pseudolive {

struct StreamName {
    std::string stream;
    std::string track; ///< empty: the master
};

/// Names of streams may hold '_', so the longest known one is meant; but a shorter one, where that
/// has no such track. Nothing for what is no "*.m3u8", and where no known name is in it.
std::optional<StreamName> stream_name_of(std::string_view file, Views const& streams);

} // namespace continuo::pseudolive
