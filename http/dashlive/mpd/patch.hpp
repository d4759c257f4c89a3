// The patch of a session's MPD: what has changed since the one that a client has. Pure.
#pragma once

#include "http/dashlive/mpd/mpd.hpp"

#include <string>

namespace continuo::dashlive {

struct PatchText {
    std::string text;
    DateTime publish_time; ///< of the MPD that it leads to
    DateTime expires;      ///< when the client's MPD is too old for a patch, on the session's clock
};

/// `request.query` tells the publishTime of the client's MPD; `manifest` is the MPD's, one of the
/// session's asset.
/// Errors: 400 without patch in the options, or without a publishTime; 425 where nothing has
/// changed yet; 410 where too much has, and where no MPD was published at that time; those of
/// `mpd_of`. Spec: ISO/IEC 23009-1 §5.15.
Answer<PatchText> patch_of(Session const& session, Manifest const& manifest,
                           MpdRequest const& request);

} // namespace continuo::dashlive
