// The command line of continuo-icecast.
#pragma once

#include "workers/icecast/source_client.hpp"

#include <filesystem>
#include <span>
#include <string>
#include <variant>

namespace continuo::icecast {

struct PlayOptions {};

struct SendOptions {
    Server server;
    Stream stream;
    std::filesystem::path password_file;
    std::filesystem::path title_file; ///< empty: no titles
};

/// What to print, and the exit code to end with.
struct Message {
    std::string text;
    int exit_code{};
};

/// `arguments`: without the program's name.
std::variant<PlayOptions, SendOptions, Message>
parse_options(std::span<char const* const> arguments);

} // namespace continuo::icecast
