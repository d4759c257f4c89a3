// Runs a loop until something has happened; gives up at a deadline, so that a test fails instead of
// hanging.
#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>

namespace continuo::test {

/// Whether `happened` came true within `limit`. It is asked after every handler.
template <class Condition>
bool wait_until(boost::asio::io_context& loop, Condition const& happened,
                std::chrono::milliseconds limit = std::chrono::seconds{10}) {
    auto const work = boost::asio::make_work_guard(loop);
    auto const deadline = std::chrono::steady_clock::now() + limit;
    loop.restart();
    while (!happened())
        if (loop.run_one_until(deadline) == 0) return happened();
    return true;
}

} // namespace continuo::test
