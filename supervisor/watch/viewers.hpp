// Who watches a session: whoever gave a sign of life not long ago. Pure; kept by the session.
#pragma once

#include "supervisor/watch/pace.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace continuo::sessions {

class Viewers {
public:
    /// No more are told apart; beyond that a sign of life counts, but nobody is counted.
    static constexpr std::size_t most = 10'000;

    /// `opened`: that is a sign of life, too.
    Viewers(std::chrono::seconds timeout, WallTime opened)
        : timeout_(timeout), last_sign_(opened) {}

    /// Somebody whom we don't know did something.
    void sign(WallTime now) { last_sign_ = now; }
    void beat(std::string const& viewer, WallTime now);
    void leave(std::string_view viewer, WallTime now);
    /// Forgets those that are silent.
    void settle(WallTime now);

    /// Whether nobody is there but, perhaps, `viewer`.
    bool are_only(std::string_view viewer) const;
    unsigned count() const noexcept { return static_cast<unsigned>(beats_.size()); }
    /// From then on nobody is there.
    WallTime lost_at() const noexcept { return last_sign_ + timeout_; }

private:
    std::chrono::seconds timeout_;
    WallTime last_sign_;
    std::map<std::string, WallTime, std::less<>> beats_;
};

} // namespace continuo::sessions
