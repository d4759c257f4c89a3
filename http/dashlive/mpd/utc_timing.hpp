// How an MPD tells a client to set its clock: UTCTiming. Pure.
#pragma once

#include "core/dash/element.hpp"
#include "http/dashlive/session/session.hpp"

#include <string_view>
#include <vector>

namespace continuo::dashlive {

/// What the options ask for; without any, our own clock over HTTP. `base`: scheme and authority of
/// this server. Spec: ISO/IEC 23009-1 §5.8.5.7.
std::vector<dash::Element> utc_timings_of(Session const& session, Manifest const& manifest,
                                          std::string_view base);

} // namespace continuo::dashlive
