// The watch feature's part on the main loop: what the files of sessions say, for all threads.
#pragma once

#include "http/server/shared.hpp"
#include "http/watch/bell.hpp"
#include "http/watch/rate_limit.hpp"
#include "http/watch/session_list.hpp"

#include <filesystem>
#include <set>
#include <string>

namespace continuo::watch {

namespace fs = std::filesystem;

/// Owned by main; lives longer than the handlers. It only ever reads the directory.
class Watch {
public:
    /// `runtime_dir`: as configured.
    explicit Watch(fs::path runtime_dir);

    /// Reads the files of these sessions again, or of all; publishes, then rings. To be called on
    /// the main loop.
    void look_at(std::set<std::string, std::less<>> const& ids, bool any);

    server::Shared<SessionList> const& sessions() const noexcept { return sessions_; }
    fs::path runtime_dir() const;
    Bell& bell() noexcept { return bell_; }
    RateLimit& opening_limit() noexcept { return opening_limit_; }
    RateLimit& asking_limit() noexcept { return asking_limit_; }

private:
    fs::path runtime_dir_;
    server::Shared<SessionList> sessions_;
    Bell bell_;
    // Each session starts processes; whatever else is asked is a message to the daemon.
    RateLimit opening_limit_{{.at_once = 10, .period = std::chrono::seconds(6)}};
    RateLimit asking_limit_{{.at_once = 200, .period = std::chrono::milliseconds(50)}};
};

} // namespace continuo::watch
