// How threads of the crew tell the main loop what they found, also those that outlive whom they
// work for because their storage hangs.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <memory>
#include <mutex>
#include <utility>

namespace continuo::storage {

/// Shared by the library, which closes it on the loop, and its tasks.
class Mailbox : public std::enable_shared_from_this<Mailbox> {
public:
    explicit Mailbox(boost::asio::io_context& loop) : loop_(&loop) {}

    /// Runs `message` on the loop, unless the box was closed by then. From any thread.
    template <class Message>
    void post(Message message) {
        std::lock_guard const lock(mutex_);
        if (!loop_) return;
        boost::asio::post(*loop_,
                          [own = shared_from_this(), message = std::move(message)]() mutable {
                              if (own->is_open()) message();
                          });
    }

    bool is_open() {
        std::lock_guard const lock(mutex_);
        return loop_ != nullptr;
    }

    void close() {
        std::lock_guard const lock(mutex_);
        loop_ = nullptr;
    }

private:
    std::mutex mutex_;
    boost::asio::io_context* loop_;
};

} // namespace continuo::storage
