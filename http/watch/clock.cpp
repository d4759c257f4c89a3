#include "http/watch/clock.hpp"

#include <chrono>

namespace continuo::watch {

WallTime now_of(contract::WatchState const& session) {
    auto const passed = std::chrono::steady_clock::now().time_since_epoch();
    return session.clock_zero + std::chrono::floor<WallTime::duration>(passed);
}

WallTime now_of(SessionList const& sessions) {
    if (auto const newest = sessions.newest_first(); !newest.empty())
        return now_of(*newest.front());
    return std::chrono::floor<WallTime::duration>(std::chrono::system_clock::now());
}

} // namespace continuo::watch
