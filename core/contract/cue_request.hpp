// A cue that somebody asks of a channel by hand: what the command line and the API send upstream,
// both as this JSON object.
#pragma once

#include "core/base/result.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace continuo::contract {

/// {"out":true,"duration_s":30,"at_s":8,"event_id":7,"auto_return":false}, {"in":true} or
/// {"section":"/DAl..."}.
struct CueRequest {
    enum class Kind : std::uint8_t {
        out,     ///< a break begins
        in,      ///< it ends
        section, ///< whatever `section` says
    };
    Kind kind{Kind::out};
    std::optional<std::uint32_t> event_id{}; ///< of `out` and `in`; none: the next, the one open
    std::optional<std::chrono::milliseconds> duration{}; ///< planned, of `out`; none: until its end
    bool auto_return{true};         ///< of `out` with a duration: it ends by itself
    std::chrono::milliseconds at{}; ///< so long after the newest picture
    std::string section{};          ///< a splice_info_section in any of its spellings

    static constexpr std::chrono::milliseconds shortest{100}; ///< break
    static constexpr std::chrono::milliseconds longest{std::chrono::hours{24}};
    static constexpr std::chrono::milliseconds latest{std::chrono::hours{12}}; ///< `at`

    friend bool operator==(CueRequest const&, CueRequest const&) = default;
};

std::string encode(CueRequest const& request); ///< without newline
/// Errors: `Errc::malformed`, the context being a sentence for people that holds nothing of what
/// they sent. A member that is unknown is one: a misspelt duration must not become a break without
/// end.
Result<CueRequest> parse_cue_request(std::string_view json);

} // namespace continuo::contract
