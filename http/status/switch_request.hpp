// The body of POST /api/v1/channels/{channel}/switch: which stream a client wants on air. Pure.
#pragma once

#include "core/base/result.hpp"

#include <string>
#include <string_view>

namespace continuo::status {

/// Whether a body that is called `content_type` (as sent, empty when it is not called anything) can
/// be one: it names JSON, or is what curl and Python's urllib call whatever they are given.
bool may_be_json(std::string_view content_type);

/// The stream's URL in `{"url": "https://host/live.m3u8"}`; other members are passed over.
/// Errors: `Errc::malformed`, the context being a sentence for the client that holds nothing of
/// what it sent.
Result<std::string> parse_switch_request(std::string_view body);

/// What a client gets that was understood: {"switching":"live","url":"..."}, without credentials.
std::string switching_json(std::string_view channel, std::string_view url);

} // namespace continuo::status
