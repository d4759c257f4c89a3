// What the daemon says of its channels, as a table for people. Pure.
#pragma once

#include "core/base/result.hpp"

#include <string>
#include <string_view>

namespace continuo::cli {

/// One line per channel below a heading: state, source, variants, the newest number, restarts,
/// note. Below that, behind an empty line each, the playheads: the head, its API, the latest
/// switches; and Icecast. `json`: the result of the request "status". Errors: `Errc::malformed`.
Result<std::string> status_table(std::string_view json);

} // namespace continuo::cli
