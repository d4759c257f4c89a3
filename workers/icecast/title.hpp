// The title that listeners see: cleaned, and as the request that tells it to Icecast.
#pragma once

#include <string>
#include <string_view>

namespace continuo::icecast {

inline constexpr std::size_t longest_title = 500; ///< bytes

/// `text` on one line, without control characters and blanks around it, cut between two characters
/// of its UTF-8.
std::string title_of(std::string_view text);

/// Path and query of the request that sets the title of `mount`.
std::string title_request(std::string_view mount, std::string_view title);

} // namespace continuo::icecast
