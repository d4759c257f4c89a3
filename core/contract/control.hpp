// Contract 4, http and command line -> supervisor: one request, one reply, a line of JSON each, on
// a Unix stream socket.
#pragma once

#include "core/base/result.hpp"
#include "core/contract/cue_request.hpp"
#include "core/contract/watch.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace continuo::contract {

/// {"op":"status"} | {"op":"reload"} | {"op":"restart","channel":"demo"} |
/// {"op":"switch","channel":"live","url":"https://..."} |
/// {"op":"cue","channel":"live","cue":{"out":true}} |
/// {"op":"watch","watch":{"do":"open","url":"https://..."}}; the longest line taken is 64 KiB.
struct ControlRequest {
    std::string op;
    std::string channel; ///< empty where the op concerns the whole daemon
    std::string url{};   ///< the stream to switch to
    std::optional<CueRequest> cue{};
    std::optional<WatchRequest> watch{};

    friend bool operator==(ControlRequest const&, ControlRequest const&) = default;
};

inline constexpr std::size_t max_control_line = 64 * 1024; // bytes

std::string encode(ControlRequest const& request); ///< with the newline
Result<ControlRequest> parse_control_request(std::string_view line);

/// {"ok":true,"result":...} or {"ok":false,"error":"not_found","message":"..."}.
struct ControlReply {
    bool ok{false};
    std::string result;  ///< JSON text; "null" when there is nothing to say
    std::string error;   ///< "not_found", "conflict", "malformed", "unavailable"
    std::string message; ///< one line for a person

    friend bool operator==(ControlReply const&, ControlReply const&) = default;
};

std::string encode(ControlReply const& reply); ///< with the newline
Result<ControlReply> parse_control_reply(std::string_view line);

} // namespace continuo::contract
