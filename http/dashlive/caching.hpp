// How long browsers and CDNs may keep what a session answers: the value of Cache-Control. Pure.
#pragma once

#include "http/dashlive/session/session.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace continuo::dashlive {

/// Whether a URL with these options stands for the same bytes as long as its asset does. Not where
/// the availability start follows the clock, or where an origin is down now and then.
bool is_constant(Options const& options) noexcept;

/// Of initialisations and segments. `by_clock`: the request says what time it is.
std::string segment_caching(Session const& session, bool by_clock);

/// Of MPDs and of what else follows the live edge: half of `update_period`; with none, since
/// nothing will change, a minute. Nothing where the session's URL has no answer that lasts.
std::string manifest_caching(Session const& session, std::optional<milliseconds> update_period,
                             bool by_clock);

} // namespace continuo::dashlive
