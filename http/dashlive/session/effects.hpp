// Options that would silently do nothing, though they are right in themselves: for what they name
// is not in the asset, or has no word in the protocol. Between a session and its answers. Pure.
#pragma once

#include "http/dashlive/session/session.hpp"

namespace continuo::dashlive {

/// Errors: 400 for an option that means nothing with this asset.
Answer<> check_effects(Session const& session);

/// Errors: 400 for an option that means nothing in its MPDs.
Answer<> check_mpd_effects(Session const& session);

/// Errors: 400 for an option that HLS has no word for.
Answer<> check_hls_effects(Session const& session);

} // namespace continuo::dashlive
