// The command line of continuo-egress.
#pragma once

#include "core/base/web_place.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <variant>

namespace continuo::egress {

struct Options {
    std::uint16_t port{};         ///< on 127.0.0.1; 0: a free one
    std::uint16_t gateway_port{}; ///< the same, of the gateway's door
    bool allow_private{false};
    std::optional<WebPlace> gateway{};
};

/// What to print, and the exit code to end with.
struct Message {
    std::string text;
    int exit_code{};
};

/// `arguments`: without the program's name.
std::variant<Options, Message> parse_options(std::span<char const* const> arguments);

} // namespace continuo::egress
