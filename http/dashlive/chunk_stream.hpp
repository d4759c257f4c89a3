// A segment whose last pictures have not been shown yet: each chunk is sent when it is due.
#pragma once

#include "http/server/stream.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <vector>

namespace continuo::dashlive {

struct TimedBody {
    std::chrono::steady_clock::time_point due;
    server::Body body; ///< not empty
};

class ChunkStream final : public server::Stream {
public:
    /// `chunks`: in the order of their times.
    explicit ChunkStream(std::vector<TimedBody> chunks) : chunks_(std::move(chunks)) {}

    boost::asio::awaitable<Result<server::Body>> next() override;

private:
    std::vector<TimedBody> chunks_;
    std::size_t sent_{};
};

} // namespace continuo::dashlive
