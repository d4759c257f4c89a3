// The control socket: one line of JSON in, one out.
#pragma once

#include "core/base/result.hpp"
#include "core/contract/control.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <filesystem>
#include <functional>
#include <memory>

namespace continuo::control {

namespace asio = boost::asio;

/// Answers a request; called on the loop, one at a time.
using Answer = std::function<contract::ControlReply(contract::ControlRequest const&)>;

/// Owned by the daemon. A client that takes longer than 5 s for its line, or to take the answer, is
/// dropped.
class Server {
public:
    /// Binds `socket` (mode 0660), in place of one that nobody serves any more.
    /// Errors: errno; `Errc::conflict` when another daemon answers there.
    static Result<std::unique_ptr<Server>> open(asio::any_io_executor executor,
                                                std::filesystem::path socket, Answer answer);
    Server(Server const&) = delete;
    Server& operator=(Server const&) = delete;
    ~Server();

private:
    struct State;
    explicit Server(std::shared_ptr<State> state);
    std::shared_ptr<State> state_;
};

} // namespace continuo::control
