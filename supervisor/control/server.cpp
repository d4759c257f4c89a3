#include "supervisor/control/server.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>

#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <string>
#include <utility>

namespace continuo::control {
namespace {

using Protocol = asio::local::stream_protocol;
using namespace std::chrono_literals;

constexpr auto client_deadline = 5s;
constexpr auto accept_again_after = 100ms; // out of descriptors: trying at once would only spin

/// One client; lives in its handlers.
class Session : public std::enable_shared_from_this<Session> {
public:
    Session(Protocol::socket socket, std::shared_ptr<Answer> answer)
        : socket_(std::move(socket))
        , deadline_(socket_.get_executor())
        , answer_(std::move(answer)) {}

    void run() {
        deadline_.expires_after(client_deadline);
        deadline_.async_wait([self = shared_from_this()](boost::system::error_code code) {
            boost::system::error_code ignored;
            if (!code) (void)self->socket_.close(ignored);
        });
        asio::async_read_until(
            socket_, asio::dynamic_buffer(text_, contract::max_control_line), '\n',
            [self = shared_from_this()](boost::system::error_code code, std::size_t size) {
                if (!code)
                    self->reply(std::string_view(self->text_).substr(0, size));
                else
                    self->deadline_.cancel();
            });
    }

private:
    void reply(std::string_view line) {
        auto const request = contract::parse_control_request(line);
        auto const reply = request ? (*answer_)(*request)
                                   : contract::ControlReply{.ok = false,
                                                            .result = {},
                                                            .error = "malformed",
                                                            .message = to_text(request.error())};
        text_ = contract::encode(reply);
        asio::async_write(socket_, asio::buffer(text_),
                          [self = shared_from_this()](boost::system::error_code, std::size_t) {
                              self->deadline_.cancel();
                          });
    }

    Protocol::socket socket_;
    asio::steady_timer deadline_;
    std::shared_ptr<Answer> answer_;
    std::string text_;
};

/// Whether a daemon is alive behind the socket file.
bool is_served(asio::any_io_executor const& executor, Protocol::endpoint const& endpoint) {
    Protocol::socket probe(executor);
    boost::system::error_code code;
    (void)probe.connect(endpoint, code);
    return !code;
}

} // namespace

struct Server::State : std::enable_shared_from_this<Server::State> {
    State(asio::any_io_executor const& executor, std::filesystem::path path_of, Answer answer_of)
        : acceptor(executor)
        , pause(executor)
        , path(std::move(path_of))
        , answer(std::make_shared<Answer>(std::move(answer_of))) {}

    void accept() {
        acceptor.async_accept(
            [self = shared_from_this()](boost::system::error_code code, Protocol::socket socket) {
                if (code == asio::error::operation_aborted) return;
                if (code) return self->accept_later();
                std::make_shared<Session>(std::move(socket), self->answer)->run();
                self->accept();
            });
    }

    void accept_later() {
        pause.expires_after(accept_again_after);
        pause.async_wait([self = shared_from_this()](boost::system::error_code code) {
            if (!code) self->accept();
        });
    }

    Protocol::acceptor acceptor;
    asio::steady_timer pause;
    std::filesystem::path path;
    std::shared_ptr<Answer> answer;
};

Result<std::unique_ptr<Server>> Server::open(asio::any_io_executor executor,
                                             std::filesystem::path socket, Answer answer) {
    auto const what = "listen at \"" + socket.string() + '"';
    if (socket.native().size() >= 108)
        return fail(Errc::out_of_range,
                    what + " (a socket's path has 107 bytes at most: set a shorter runtime_dir)");
    Protocol::endpoint const endpoint(socket.string());
    if (is_served(executor, endpoint))
        return fail(Errc::conflict,
                    what + ": another daemon answers there; stop it, or set another runtime_dir");
    ::unlink(socket.c_str());
    auto state = std::make_shared<State>(executor, std::move(socket), std::move(answer));
    boost::system::error_code code;
    (void)state->acceptor.open(endpoint.protocol(), code);
    if (!code) (void)state->acceptor.bind(endpoint, code);
    if (!code) (void)state->acceptor.listen(Protocol::acceptor::max_listen_connections, code);
    if (code) return Error{code, what};
    ::chmod(state->path.c_str(), 0660);
    state->accept();
    return std::unique_ptr<Server>(new Server(std::move(state)));
}

Server::Server(std::shared_ptr<State> state) : state_(std::move(state)) {}

Server::~Server() {
    boost::system::error_code ignored;
    (void)state_->acceptor.close(ignored);
    state_->pause.cancel();
    ::unlink(state_->path.c_str());
}

} // namespace continuo::control
