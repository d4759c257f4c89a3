#include "http/dashlive/chunk_stream.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

namespace continuo::dashlive {

boost::asio::awaitable<Result<server::Body>> ChunkStream::next() {
    if (sent_ == chunks_.size()) co_return server::Body{};
    auto& chunk = chunks_[sent_++];
    if (chunk.due > std::chrono::steady_clock::now()) {
        boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, chunk.due);
        co_await timer.async_wait(boost::asio::use_awaitable);
    }
    co_return std::move(chunk.body);
}

} // namespace continuo::dashlive
