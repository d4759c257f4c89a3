#include "http/watch/event_stream.hpp"

#include "http/watch/session_json.hpp"

#include <boost/asio/this_coro.hpp>

#include <utility>

namespace continuo::watch {
namespace {

/// A browser that lost us asks again after so long.
constexpr std::string_view greeting = "retry: 2000\n\n";
constexpr std::string_view comment = ": still there\n\n";

} // namespace

EventStream::EventStream(server::Shared<SessionList> const& sessions, Bell& bell, std::string id,
                         std::chrono::milliseconds comment_period)
    : sessions_(sessions), bell_(bell), id_(std::move(id)), comment_period_(comment_period) {}

boost::asio::awaitable<Result<server::Body>> EventStream::next() {
    bool const is_first = !listener_;
    if (is_first) {
        auto const executor = co_await boost::asio::this_coro::executor;
        listener_.emplace(bell_, id_, executor);
        next_comment_ = std::chrono::steady_clock::now() + comment_period_;
    }
    for (;;) {
        auto const session = sessions_.newest().find(id_);
        if (!session) co_return server::Body{};
        if (session != told_) {
            auto text = events_between(told_.get(), *session, now_of(*session));
            told_ = session;
            if (is_first) text.insert(0, greeting);
            if (!text.empty()) co_return server::Body(std::move(text));
        }
        if (std::chrono::steady_clock::now() >= next_comment_) {
            next_comment_ = std::chrono::steady_clock::now() + comment_period_;
            co_return server::Body(std::string(comment));
        }
        co_await listener_->wait_until(next_comment_);
    }
}

} // namespace continuo::watch
