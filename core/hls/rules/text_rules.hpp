// Rules 1 to 3: one playlist as text, before anything is read into it.
#pragma once

#include "core/hls/rules/finding.hpp"

#include <string_view>

namespace continuo::hls::rules {

/// Rule 1: characters, first line, one kind, version. Rule 2: TARGETDURATION, and EXTINF within it.
/// Rule 3: sequence numbers where they belong, nothing of finished lists in a live one. `text`: a
/// media playlist or a multivariant one; a media playlist with ENDLIST is not taken for a live one.
Remarks check_text(std::string_view text);

/// The EXT-X-VERSION that the tags of a playlist ask for (RFC 8216 §7), at least 1.
int needed_version(std::string_view text);

} // namespace continuo::hls::rules
