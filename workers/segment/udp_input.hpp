// A transport stream in datagrams, of a multicast group or sent to this machine, with or without
// RTP.
#pragma once

#include "core/os/descriptor.hpp"
#include "workers/segment/input.hpp"
#include "workers/segment/rtp.hpp"
#include "workers/segment/udp_address.hpp"

#include <chrono>
#include <vector>

namespace continuo::segment {

class UdpInput final : public Input {
public:
    /// Joins the group where the address is one's. `idle`: silent for so long, the stream has
    /// ended; without it never does. Errors: errno with the address; `Errc::malformed` for names.
    static Result<UdpInput> open(UdpAddress const& address,
                                 std::optional<std::chrono::milliseconds> idle, Time now);

    void add_to(std::vector<pollfd>& polled, bool is_wanted) const override;
    std::optional<Time> next_deadline() const override;
    void take_events(std::span<pollfd const> polled, Time now) override;
    bool is_ready() const override { return size_ > 0; }
    Piece next() override;
    std::optional<InputEnd> const& end() const override { return end_; }
    std::vector<std::string> take_remarks() override;

private:
    UdpInput(os::Descriptor socket, std::optional<std::chrono::milliseconds> idle, Time now);
    void read();
    void tell_losses(Time now);

    os::Descriptor socket_;
    std::optional<std::chrono::milliseconds> idle_;
    Time heard_;
    std::vector<std::uint8_t> buffer_;
    std::size_t size_{}; ///< bytes that were not taken yet
    SequenceWatch sequence_;
    std::uint64_t told_lost_{};
    std::optional<Time> told_at_;
    std::vector<std::string> remarks_;
    std::optional<InputEnd> end_;
};

} // namespace continuo::segment
