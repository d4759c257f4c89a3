// What a path behind an asset names, where it is one of the subtitles that we make up. Pure.
#pragma once

#include "http/dashlive/media/timed_text.hpp"
#include "http/dashlive/session/session.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace continuo::dashlive {

struct TimedTextName {
    TimedText text;
    std::optional<std::int64_t> index; ///< of a segment; none of the initialisation
};

/// "timestpp-en/init.mp4", "timestpp-en/40.m4s" with a number or a time as the session has it.
/// Nothing where the options ask for no such subtitles. Errors: 404 for what can never exist.
Answer<std::optional<TimedTextName>> timed_text_name_of(Session const& session,
                                                        std::string_view path);

} // namespace continuo::dashlive
