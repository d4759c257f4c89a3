// What time it is for a request: the wall clock, or, where the configuration allows it, what the
// query says. Pure.
#pragma once

#include "http/dashlive/session/session.hpp"

#include <string_view>

namespace continuo::dashlive {

struct RequestTime {
    DateTime now;
    bool is_said{false}; ///< by the query
};

/// `query`: nowMS=MILLISECONDS since 1970; nowDate=DATE, publishTime=DATE: a millisecond after that
/// date, so that what begins there is there. The last of them wins; `wall` where there is none.
/// Errors: 400 for what is no time, and for times before 1970 or behind timeline::max_elapsed.
Answer<RequestTime> time_of(std::string_view query, DateTime wall);

/// For a patch, whose publishTime is that of the MPD that the client has.
Answer<RequestTime> time_of_patch(std::string_view query, DateTime wall);

} // namespace continuo::dashlive
