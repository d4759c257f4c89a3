// Where other servers are found, as people write it: text -> the same, checked, or nothing for a
// text that is none.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace continuo::config {

/// "icecast.example.com", "192.0.2.1", "::1" or "[::1]", which loses its brackets.
std::optional<std::string> parse_host(std::string_view text);

/// What stands between "https://" and the path: a host, IPv6 in brackets, and perhaps ":8443".
std::optional<std::string> parse_authority(std::string_view text);

/// What paths are appended to: "http://api:8080" or "https://user:password@host/api". Neither query
/// nor fragment; slashes at its end go.
std::optional<std::string> parse_base_url(std::string_view text);

/// A path on a server, "/stream.mp3": of letters, digits, "-._~" and "/", with no "." or ".." in
/// it.
std::optional<std::string> parse_mount(std::string_view text);

} // namespace continuo::config
