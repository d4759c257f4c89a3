#include "workers/segment/stream_input.hpp"

#include <unistd.h>

#include <cerrno>
#include <utility>

namespace continuo::segment {

StreamInput::StreamInput(int fd, std::size_t piece) : fd_(fd), buffer_(piece) {}

void StreamInput::add_to(std::vector<pollfd>& polled, bool is_wanted) const {
    auto const reads = is_wanted && !is_ready() && !end_;
    // a writer that has gone would be told again and again
    polled.push_back({.fd = !reads && (writer_is_gone_ || end_) ? -1 : fd_,
                      .events = static_cast<short>(reads ? POLLIN : 0),
                      .revents = 0});
}

void StreamInput::take_events(std::span<pollfd const> polled, Time) {
    auto const& entry = polled.front();
    if ((entry.revents & (POLLHUP | POLLERR)) != 0) writer_is_gone_ = true;
    if ((entry.events & POLLIN) != 0 && entry.revents != 0) read();
}

void StreamInput::read() {
    auto const count = ::read(fd_, buffer_.data(), buffer_.size());
    if (count > 0) {
        count_ = static_cast<std::size_t>(count);
    } else if (count == 0) {
        end_ = InputEnd{.why = InputEnd::Why::finished};
    } else if (errno != EINTR && errno != EAGAIN) {
        end_ = InputEnd{.why = InputEnd::Why::broken,
                        .reason = to_text(fail_errno("read standard input"))};
    }
}

Piece StreamInput::next() {
    return {.bytes = std::span(buffer_).first(std::exchange(count_, 0))};
}

} // namespace continuo::segment
