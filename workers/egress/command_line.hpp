// What continuo-egress is started with, and what it says; pure, the supervisor's view of it.
#pragma once

#include "workers/command.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace continuo::workers::egress {

struct ServeOptions {
    std::uint16_t port{};         ///< on 127.0.0.1; 0: a free one
    std::uint16_t gateway_port{}; ///< the same, for the gateway's sessions
    bool allow_private{false};    ///< of config::Watch
    std::string gateway{};        ///< the same: torrent_gateway
};
/// Runs until it is killed; nothing has to be saved.
Command serve(std::string const& executable, ServeOptions const& options);

/// Where it listens, as mpv, ffmpeg and ffprobe are told ("http://127.0.0.1:4711").
struct Doors {
    std::string proxy;     ///< of every session
    std::string gateway{}; ///< of those whose WatchUrl::is_magnet; empty where there is no gateway

    friend bool operator==(Doors const&, Doors const&) = default;
};
/// Its first line on stderr: "listening on 127.0.0.1:4711, for the gateway on 127.0.0.1:4712".
/// Nothing for any other line.
std::optional<Doors> parse_doors(std::string_view line);
std::string to_text(Doors const& doors); ///< that line, without its newline

/// Lines on stderr when it does not fetch something: "refused films.example:80: reason".
inline constexpr std::string_view refused_prefix = "refused ";

/// Begins the reason phrase of each status with which it refuses a request. ffmpeg says that phrase
/// with its warnings: "HTTP error 403 Not fetched: films.example leads to ...".
inline constexpr std::string_view reason_mark = "Not fetched: ";
/// Why something was not fetched, in words, from a line of ffmpeg's, ffprobe's or mpv's.
std::optional<std::string> reason_in(std::string_view line);

} // namespace continuo::workers::egress
