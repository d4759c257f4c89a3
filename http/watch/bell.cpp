#include "http/watch/bell.hpp"

#include "http/server/as_result.hpp"

#include <boost/asio/post.hpp>

#include <utility>

namespace continuo::watch {

namespace asio = boost::asio;

Bell::Listener::Listener(Bell& bell, std::string session, asio::any_io_executor const& executor)
    : bell_(bell), timer_(std::make_shared<asio::steady_timer>(executor)) {
    std::lock_guard const lock(bell_.mutex_);
    number_ = bell_.next_number_++;
    bell_.ears_.emplace(number_,
                        Ear{.session = std::move(session), .executor = executor, .timer = timer_});
}

Bell::Listener::~Listener() {
    std::lock_guard const lock(bell_.mutex_);
    bell_.ears_.erase(number_);
}

asio::awaitable<void> Bell::Listener::wait_until(std::chrono::steady_clock::time_point deadline) {
    timer_->expires_at(deadline);
    // The code tells only whether the bell rang before the deadline.
    (void)co_await timer_->async_wait(server::as_result);
}

void Bell::ring(std::string_view session) {
    std::lock_guard const lock(mutex_);
    for (auto const& [number, ear] : ears_)
        if (ear.session.empty() || ear.session == session)
            asio::post(ear.executor, [timer = ear.timer] {
                if (auto const own = timer.lock()) own->cancel();
            });
}

} // namespace continuo::watch
