#include "http/storage/openers.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <exception>
#include <functional>
#include <future>
#include <list>
#include <memory>
#include <new>
#include <optional>
#include <utility>

namespace openers_test {

using namespace continuo::storage;
namespace asio = boost::asio;

/// Requests of one loop, and what keeps the only thread from working for them.
class Fixture {
public:
    /// The outcome appears when the loop has run.
    void ask(std::function<void()> work, std::optional<bool>& outcome) {
        auto& own = gives_up.emplace_back();
        asio::co_spawn(loop, openers.carry_out(std::move(work)),
                       asio::bind_cancellation_slot(
                           own.slot(), [&outcome](std::exception_ptr const&, bool is_done) {
                               outcome = is_done;
                           }));
        loop.poll();
        loop.restart();
    }
    void block() {
        auto begun = std::make_shared<std::promise<void>>();
        ask(
            [begun, gate = gate.get_future().share()] {
                begun->set_value();
                gate.wait();
            },
            blocked);
        begun->get_future().wait();
    }
    void run() {
        loop.run();
        loop.restart();
    }

    std::list<asio::cancellation_signal> gives_up; ///< one for each who asked
    asio::io_context loop;
    std::promise<void> gate;
    std::optional<bool> blocked;
    Openers openers{Openers::Options{.threads = 1, .most_waiting = 2}};
};

TEST_CASE_FIXTURE(Fixture, "openers: work is done elsewhere, and its end told here") {
    std::optional<bool> outcome;
    bool was_done = false;
    ask([&] { was_done = true; }, outcome);
    run();
    CHECK(outcome == true);
    CHECK(was_done);
}

TEST_CASE_FIXTURE(Fixture, "openers: what nobody waits for any more is skipped") {
    block();
    std::atomic<bool> was_done{false};
    std::optional<bool> given_up;
    ask([&] { was_done = true; }, given_up);
    CHECK_FALSE(given_up);
    gives_up.back().emit(asio::cancellation_type::terminal);
    loop.poll();
    loop.restart();
    CHECK(given_up == false);
    std::optional<bool> next;
    ask([] {}, next);
    gate.set_value();
    run();
    CHECK(blocked == true);
    CHECK(next == true);
    CHECK_FALSE(was_done);
}

TEST_CASE_FIXTURE(Fixture, "openers: where too many wait, the next one is refused at once") {
    block();
    std::optional<bool> first;
    std::optional<bool> second;
    std::optional<bool> third;
    ask([] {}, first);
    ask([] {}, second);
    ask([] {}, third);
    CHECK_FALSE(first);
    CHECK_FALSE(second);
    CHECK(third == false);
    gate.set_value();
    run();
    CHECK(first == true);
    CHECK(second == true);
}

TEST_CASE_FIXTURE(Fixture, "openers: an exception is a failure at once, and others go on") {
    auto const begin = std::chrono::steady_clock::now();
    std::optional<bool> outcome;
    ask([] { throw std::bad_alloc(); }, outcome);
    run();
    CHECK(outcome == false);
    CHECK(std::chrono::steady_clock::now() - begin < Openers::deadline);
    ask([] {}, outcome);
    run();
    CHECK(outcome == true);
}

} // namespace openers_test
