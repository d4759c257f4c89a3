// A reply on its way into a socket: as few system calls as its pieces allow, and a place to go on
// after EAGAIN.
#pragma once

#include "http/server/body.hpp"
#include "http/server/range.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace continuo::server {

/// Lives as long as its connection; holds what it sends only until that is out.
class Transmission {
public:
    enum class Progress : std::uint8_t {
        done,
        again,  ///< go on when the socket is writable
        broken, ///< the peer is gone, or a file shrank: close
    };

    /// `head`, then these bytes of `body`, which is null where there are none.
    void start(std::string head, std::shared_ptr<Body const> body, ByteRange bytes);

    /// Sends what `socket` takes now; never blocks. What lies in memory side by side, the head
    /// included, goes out in one sendmsg, regions of files by sendfile.
    Progress pump(int socket);

private:
    /// What one pump may still send.
    using Budget = std::size_t;

    Piece const& piece() const { return body_->pieces()[piece_]; }
    void advance(std::uint64_t bytes);
    Progress pump_all(int socket);
    Progress pump_memory(int socket, Budget& budget);
    Progress pump_file(int socket, FileRegion const& region, Budget& budget);

    std::string head_;
    std::shared_ptr<Body const> body_;
    std::size_t head_sent_{};
    std::size_t piece_{};    ///< the body's next byte is in this piece,
    std::uint64_t offset_{}; ///< here
    std::uint64_t left_{};   ///< of the body
    bool is_corked_{false};  ///< only whole packets go out
};

} // namespace continuo::server
