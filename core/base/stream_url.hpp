// Which texts can name a stream to switch to: the one rule that command line, HTTP and daemon hold
// against what people and programs write.
#pragma once

#include "core/base/result.hpp"

#include <cstddef>
#include <string_view>

namespace continuo {

inline constexpr std::size_t longest_stream_url = 4096; // bytes

/// Whether `url` is http or https (in any case), names a host, holds no blank and no control
/// character, and is no longer than `longest_stream_url`.
/// Errors: `Errc::malformed`, the context saying what a stream's URL has to be ("has to begin with
/// http:// or https://"), without any of the text: what in it is a password?
Result<> check_stream_url(std::string_view url);

} // namespace continuo
