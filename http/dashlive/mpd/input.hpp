// What an MPD is made of, for those who write its parts.
#pragma once

#include "http/dashlive/asset/asset.hpp"
#include "http/dashlive/mpd/mpd.hpp"
#include "http/dashlive/session/session.hpp"

namespace continuo::dashlive {

/// Lives while one MPD is written.
struct MpdInput {
    Session const& session;
    Manifest const& manifest;
    MpdRequest const& request;

    Options const& options() const noexcept { return *session.options; }
};

} // namespace continuo::dashlive
