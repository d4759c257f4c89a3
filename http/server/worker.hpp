// One thread of the server: its loop, its acceptor, its connections and the sweep over their
// deadlines.
#pragma once

#include "core/config/config.hpp"
#include "http/server/connection.hpp"
#include "http/server/date_text.hpp"
#include "http/server/router.hpp"
#include "http/server/shared.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string_view>
#include <utility>

namespace continuo::server {

/// What one thread serves; made once for each, so that handlers may keep caches without locks.
struct Site {
    Router router;
    std::function<void()> each_second; ///< may be empty
};

/// What all threads of a server share.
struct Common {
    explicit Common(config::Http const& first)
        : settings(std::make_shared<config::Http const>(first)) {}

    Shared<config::Http> settings; ///< limits and deadlines; a reload replaces them
    std::atomic<unsigned> connections{0};
};

/// Owned by the server; everything but `stop` is called before the loop runs, or on its thread.
class Worker {
public:
    /// What was begun may take so long once `stop` was called.
    static constexpr std::chrono::seconds grace{1};

    /// `common` outlives it.
    Worker(Common& common, Site site);

    boost::asio::io_context& context() noexcept { return context_; }
    /// `acceptor`: listening, of `context()`.
    void listen_on(boost::asio::ip::tcp::acceptor acceptor);

    /// Runs the loop until it was stopped and the last answer is out, or `grace` has passed.
    void run();
    /// From any thread: accept nothing more, let go what idles, cut off streams, finish what
    /// was begun.
    void stop();

    // For its sessions.
    Router const& router() const noexcept { return site_.router; }
    config::Http const& settings() { return settings_.newest(); }
    ConnectionList& connections() noexcept { return connections_; }
    bool is_stopping() const noexcept { return is_stopping_; }
    /// The first sweep that is at least `time` away.
    Tick after(std::chrono::seconds time) const noexcept {
        return now_ + static_cast<Tick>(time.count()) + 1;
    }
    std::string_view date();

private:
    boost::asio::awaitable<void> accept();
    boost::asio::awaitable<void> sweep();
    void welcome(boost::asio::ip::tcp::socket socket);
    void begin_stop();
    void end_when_empty();

    Common* common_;
    Reader<config::Http> settings_;
    Site site_;
    DateText date_text_;
    ConnectionList connections_; // outlives the context, whose frames hold the connections
    Tick now_{0};
    bool is_stopping_{false};
    boost::asio::io_context context_;
    boost::asio::ip::tcp::acceptor acceptor_;
    boost::asio::steady_timer timer_;
};

} // namespace continuo::server
