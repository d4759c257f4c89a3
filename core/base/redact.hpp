// URLs as they may be shown: in logs, in status, in error messages.
#pragma once

#include <string>
#include <string_view>

namespace continuo {

/// Replaces what stands for a secret in every URL of `text` by "***": user and password before the
/// host, and the values of query parameters (and of a fragment's) whose name speaks of a key,
/// token, secret, signature or password. A URL ends at a blank: text that follows it without one
/// may go too.
std::string without_credentials(std::string_view text);

} // namespace continuo
