// Wakes those who wait for news of a session, each on the loop that it waits on.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace continuo::watch {

/// Owned by `Watch`; outlives all who listen. Rung on the main loop, heard on all.
class Bell {
public:
    /// One who waits; used on its own loop.
    class Listener {
    public:
        Listener(Bell& bell, std::string session, boost::asio::any_io_executor const& executor);
        Listener(Listener const&) = delete;
        Listener& operator=(Listener const&) = delete;
        ~Listener();

        /// Returns when the bell rings, or then. Who looks at what was published and waits right
        /// after it, without letting the loop go in between, misses nothing.
        boost::asio::awaitable<void> wait_until(std::chrono::steady_clock::time_point deadline);

    private:
        Bell& bell_;
        std::shared_ptr<boost::asio::steady_timer> timer_;
        std::uint64_t number_;
    };

    /// There is something new to see of `session`, and it has been published.
    void ring(std::string_view session);

private:
    struct Ear {
        std::string session; ///< empty: of any
        boost::asio::any_io_executor executor;
        std::weak_ptr<boost::asio::steady_timer> timer;
    };

    std::mutex mutex_;
    std::uint64_t next_number_{0};
    std::map<std::uint64_t, Ear> ears_;
};

} // namespace continuo::watch
