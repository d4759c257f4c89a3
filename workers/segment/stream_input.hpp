// A transport stream that another program writes: standard input.
#pragma once

#include "workers/segment/input.hpp"

#include <vector>

namespace continuo::segment {

class StreamInput final : public Input {
public:
    /// Reads `fd`, which stays the caller's, `piece` bytes at a time at most.
    StreamInput(int fd, std::size_t piece);

    void add_to(std::vector<pollfd>& polled, bool is_wanted) const override;
    void take_events(std::span<pollfd const> polled, Time now) override;
    bool is_ready() const override { return count_ > 0; }
    Piece next() override;
    /// The writer has gone, and waits for us only so long.
    bool hurries() const override { return writer_is_gone_; }
    std::optional<InputEnd> const& end() const override { return end_; }

private:
    void read();

    int fd_;
    std::vector<std::uint8_t> buffer_;
    std::size_t count_{}; ///< bytes that were not taken yet
    bool writer_is_gone_{false};
    std::optional<InputEnd> end_;
};

} // namespace continuo::segment
