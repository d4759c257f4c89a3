// Why Icecast does not take our sound, in words for an operator.
#pragma once

#include <curl/curl.h>

#include <string>

namespace continuo::icecast {

/// How a transfer ended.
struct Outcome {
    CURLcode code{CURLE_OK};
    int os_errno{}; ///< where `code` comes from the operating system
    long status{};  ///< HTTP's; 0 without an answer
    std::string body{};
    bool was_connected{false}; ///< the server had begun to take the sound
};

/// "connection refused", "wrong password (HTTP 401)", "Mountpoint in use (HTTP 403)". Pure.
std::string failure_text(Outcome const& outcome);

} // namespace continuo::icecast
