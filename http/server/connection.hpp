// What a thread knows of each of its connections: how long it may take for what it does, and how to
// interrupt it.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/intrusive/list.hpp>

#include <cstdint>
#include <utility>

namespace continuo::server {

/// Counts the sweeps of a thread, one a second, so that no connection needs a timer of its own.
using Tick = std::uint64_t;

class Connection;
using ConnectionHook =
    boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>>;

/// Lives in its session's coroutine frame, and in the thread's list as long as that does.
class Connection : public ConnectionHook {
public:
    using List = boost::intrusive::list<Connection, boost::intrusive::base_hook<ConnectionHook>,
                                        boost::intrusive::constant_time_size<false>>;

    enum class Phase : std::uint8_t {
        idle,      ///< no byte of a request yet
        receiving, ///< from a request's first byte to its last
        answering, ///< a late handler works; it has its own deadline
        sending,
        streaming, ///< waits for the next bytes of a stream, which has its own deadline
        lingering, ///< reads what the client still sends, so that it gets to see our last answer
    };

    Connection(boost::asio::ip::tcp::socket socket, List& connections);

    boost::asio::ip::tcp::socket& socket() noexcept { return socket_; }
    Phase phase() const noexcept { return phase_; }
    void enter(Phase phase, Tick deadline) noexcept {
        phase_ = phase;
        deadline_ = deadline;
    }
    bool is_overdue(Tick now) const noexcept {
        return phase_ != Phase::answering && phase_ != Phase::streaming && now >= deadline_;
    }

    /// Wakes the session out of its wait for the socket, with `operation_aborted`.
    void interrupt() {
        boost::system::error_code ignored; // a socket that can't be cancelled is closed already
        socket_.cancel(ignored);
    }

private:
    boost::asio::ip::tcp::socket socket_;
    Phase phase_{Phase::idle};
    Tick deadline_{};
};

using ConnectionList = Connection::List;

inline Connection::Connection(boost::asio::ip::tcp::socket socket, List& connections)
    : socket_(std::move(socket)) {
    connections.push_back(*this);
}

} // namespace continuo::server
