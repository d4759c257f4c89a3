// Percent-encoding (RFC 3986 §2.1), of URLs, their queries and references in playlists.
#pragma once

#include <string>
#include <string_view>

namespace continuo {

/// Letters, digits and "-._~" (RFC 3986 §2.3).
bool is_unreserved(char c) noexcept;

/// All bytes but those that `is_kept` says as %XX.
std::string percent_encoded(std::string_view text, bool (*is_kept)(char) noexcept = is_unreserved);

/// An escape that is none stays as it is written: for words, not for paths.
std::string percent_decoded(std::string_view text);

} // namespace continuo
