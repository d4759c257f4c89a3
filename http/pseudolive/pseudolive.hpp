// The pseudo-live feature: answers for playlists and segments of streams, and for playlists of
// linear channels.
//
//   /pseudolive/STREAM/master.m3u8, /pseudolive/STREAM/TRACK/index.m3u8, /pseudolive/STREAM/FILE
//   /STREAM.m3u8, /STREAM_TRACK.m3u8                                     the same once more
//   /live/CHANNEL/master.m3u8, /live/CHANNEL/TRACK/index.m3u8
#pragma once

#include "http/pseudolive/catalogue.hpp"
#include "http/pseudolive/epg.hpp"
#include "http/pseudolive/playlist_cache.hpp"
#include "http/pseudolive/shelf.hpp"
#include "http/server/open_files.hpp"
#include "http/server/response.hpp"
#include "http/server/router.hpp"
#include "http/server/shared.hpp"

#include <boost/asio/awaitable.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace continuo::pseudolive {

/// One thread's handlers.
class PseudoliveHandlers {
public:
    explicit PseudoliveHandlers(Catalogue& catalogue);

    server::Response master(server::Request const& request, server::Parameters const& parameters);
    server::Response media_playlist(server::Request const& request,
                                    server::Parameters const& parameters);
    boost::asio::awaitable<server::Response> file(server::Request const& request,
                                                  server::Parameters const& parameters);
    /// Below the root.
    server::Response aliased(server::Request const& request, std::string_view file);

    server::Response channel_master(server::Request const& request, std::string_view channel);
    server::Response channel_playlist(server::Request const& request, std::string_view channel,
                                      std::string_view track);
    server::Response epg(server::Request const& request);
    server::Response streams();

    /// Null for a channel that has none.
    ViewPtr channel(std::string_view name);
    void each_second();

private:
    struct Wanted;
    server::Response playlist(server::Request const& request, Wanted const& wanted);
    server::Response list(server::Request const& request, Wanted const& wanted);
    server::Response absent(Wanted const& wanted);
    boost::asio::awaitable<server::Response> open(std::string key, ViewPtr view, std::string path);

    Catalogue& catalogue_;
    server::Reader<Shelf> shelf_;
    PlaylistCache playlists_;
    server::OpenFiles files_;
};

} // namespace continuo::pseudolive
