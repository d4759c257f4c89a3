// When origins are down: what their answers depend on (traffic, baseurl), and which segments no
// timeline lists because of it (segtimelineloss). Pure.
#pragma once

#include "http/dashlive/session/session.hpp"

#include <cstdint>

namespace continuo::dashlive {

/// How an origin behaves at `now`; `pattern`, longer than 0 s, repeats from 1970 on.
TrafficSpan::State state_at(TrafficPattern const& pattern, DateTime now) noexcept;

/// Whether segtimelineloss hides the segment at `index`: all origins of baseurl were down when it
/// would have come.
bool is_lost(Session const& session, std::int64_t index);

} // namespace continuo::dashlive
