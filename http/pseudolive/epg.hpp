// What linear channels will show, as XMLTV. Pure.
#pragma once

#include "http/pseudolive/shelf.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace continuo::pseudolive {

/// One lap of an asset on a channel.
struct Programme {
    std::string asset;
    WallTime start;
    WallTime end;
};

/// What `channel`, which is ready, shows at `now` and then, until `until`; `most` at most.
std::vector<Programme> programmes(View const& channel, WallTime now, WallTime until,
                                  std::size_t most);

/// All channels that are ready, for a day from `now` on. Spec: XMLTV's xmltv.dtd.
std::string xmltv(Views const& channels, WallTime now);

} // namespace continuo::pseudolive
