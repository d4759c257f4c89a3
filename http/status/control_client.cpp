#include "http/status/control_client.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <string>
#include <utility>
#include <variant>

namespace continuo::status {

namespace asio = boost::asio;
using asio::local::stream_protocol;

namespace {

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

using Line = Result<std::string>;

asio::awaitable<Line> exchange_lines(stream_protocol::socket& socket, std::filesystem::path path,
                                     std::string line) {
    auto const failed = [&](boost::system::error_code code) {
        return Error{code, "control socket \"" + path.string() + "\""};
    };
    stream_protocol::endpoint const endpoint(path.string());
    auto const [refused] = co_await socket.async_connect(endpoint, as_result);
    if (refused) co_return failed(refused);
    auto const [unsent, sent] = co_await asio::async_write(socket, asio::buffer(line), as_result);
    if (unsent) co_return failed(unsent);
    std::string answer;
    auto buffer = asio::dynamic_buffer(answer, contract::max_control_line);
    auto const [unread, size] = co_await asio::async_read_until(socket, buffer, '\n', as_result);
    if (unread) co_return failed(unread);
    answer.resize(size);
    co_return answer;
}

} // namespace

asio::awaitable<Result<contract::ControlReply>> ask(std::filesystem::path control_socket,
                                                    contract::ControlRequest request) {
    using asio::experimental::awaitable_operators::operator||;
    auto const executor = co_await asio::this_coro::executor;
    stream_protocol::socket socket(executor);
    asio::steady_timer deadline(executor, control_deadline);
    auto const line = contract::encode(request);
    auto first = co_await (exchange_lines(socket, control_socket, line) ||
                           deadline.async_wait(asio::use_awaitable));
    auto* const answer = std::get_if<Line>(&first);
    if (!answer)
        co_return fail(Errc::unavailable, "control socket \"" + control_socket.string() + "\"");
    if (!*answer) co_return answer->error();
    co_return contract::parse_control_reply(**answer);
}

} // namespace continuo::status
