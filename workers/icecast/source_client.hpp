// A source's connection to Icecast: PUT of the mount point, sound for as long as it lasts.
#pragma once

#include "workers/icecast/transfer.hpp"

#include <span>
#include <string>
#include <vector>

namespace continuo::icecast {

/// What Icecast is told of the stream.
struct Stream {
    std::string content_type{"audio/mpeg"};
    std::string name;
    unsigned bitrate_kbps{128};
};

/// One attempt; the owner drives the multi handle. Icecast 2.4 or later, which takes PUT and
/// answers "100 Continue" once the mount is ours.
class SourceClient {
public:
    SourceClient(CURLM* multi, Server const& server, Stream const& stream,
                 std::string const& password);

    CURL* easy() const noexcept { return transfer_.easy(); }
    bool is_connected() const noexcept { return is_connected_; }
    /// Whether more sound can be held; the server is slower than it should be while not.
    bool has_room() const noexcept;
    /// To be called while there is room and a connection.
    void send(std::span<char const> bytes);
    std::string failure(CURLcode code);

private:
    static std::size_t on_header(char* bytes, std::size_t, std::size_t size, void* self);
    static std::size_t on_room(char* room, std::size_t, std::size_t size, void* self);

    Transfer transfer_;
    std::vector<char> sound_; ///< not sent yet
    bool is_connected_{false};
    bool is_paused_{false}; ///< libcurl waits for sound
};

} // namespace continuo::icecast
