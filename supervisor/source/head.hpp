// What a playhead's API says: from its events to the stream that is to be on air, and to where we
// fetch it.
#pragma once

#include "core/base/result.hpp"
#include "core/config/config.hpp"
#include "core/sse/event_stream.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace continuo::source {

/// The stream at the head.
struct Head {
    std::string url;  ///< as the API names it; `check_stream_url` holds
    std::string name; ///< for people; empty when there is none

    friend bool operator==(Head const&, Head const&) = default;
};

inline constexpr std::size_t max_name = 256; // bytes; a longer name is cut

/// The head in an event named "playhead" or not named at all:
/// {"head": "https://.../stream.m3u8", "name": "Stream Name"}; nothing for other events.
/// A name that is missing or no text is empty; line ends and the like in it become spaces.
/// Errors: `Errc::malformed`, its context worded for a warning, without credentials: the event is
/// to be ignored.
Result<std::optional<Head>> parse_head(sse::Event const& event);

/// Where `url` is fetched: a stream on the core API's public host comes from the restreamer inside,
/// when both are set. Only https without a port, a user or another host counts as that.
std::string rewritten(std::string_view url, config::Playhead const& playhead);

/// Where the API's events come from: API_URL/events.
std::string events_url(config::Playhead const& playhead);

} // namespace continuo::source
