// What continuo-icecast is started with, and what it says; pure, the supervisor's view of it.
#pragma once

#include "core/config/config.hpp"
#include "workers/command.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace continuo::workers::icecast {

/// Lines of `send` on stderr: each says how things stand from then on.
inline constexpr std::string_view connected_line = "connected";
inline constexpr std::string_view retrying_prefix = "retrying: ";

/// Segments' paths on stdin, their sound on stdout.
Command play(std::string const& executable);

struct SendOptions {
    config::Icecast icecast;
    std::string channel;
    std::filesystem::path title_file;
};
/// Encoded sound on stdin, to the server.
Command send(std::string const& executable, SendOptions const& options);

} // namespace continuo::workers::icecast
