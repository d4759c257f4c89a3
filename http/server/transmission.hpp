// A reply on its way into a socket: as few system calls as the size allows, and a place to go on
// after EAGAIN.
#pragma once

#include "http/server/response.hpp"

#include <cstddef>
#include <cstdint>

namespace continuo::server {

class Transmission {
public:
    enum class Progress : std::uint8_t {
        done,
        again,  ///< go on when the socket is writable
        broken, ///< the peer is gone, or the file shrank: close
    };

    void start(Reply reply);

    /// Sends what `socket` takes now; never blocks. A text goes out with its header in one sendmsg,
    /// a file by sendfile.
    Progress pump(int socket);

private:
    bool is_file() const noexcept;
    Progress pump_memory(int socket);
    Progress pump_file(int socket);

    Reply reply_;
    std::size_t head_sent_{};
    std::uint64_t content_sent_{};
};

} // namespace continuo::server
