// The live feature: keeps the newest view of every channel for all threads, and answers for
// playlists and segments.
#pragma once

#include "core/config/config.hpp"
#include "http/live/channel_view.hpp"
#include "http/live/snapshot_watch.hpp"
#include "http/server/open_files.hpp"
#include "http/server/response.hpp"
#include "http/server/router.hpp"
#include "http/server/shared.hpp"

#include <boost/asio/awaitable.hpp>

#include <filesystem>
#include <functional>
#include <string_view>

namespace continuo::live {

/// Owned by main, on the main loop; lives longer than the handlers. It only ever reads the tree, so
/// the last window is served while the daemon is dead.
class Live {
public:
    explicit Live(fs::path runtime_dir);

    /// Views all snapshots that are there now, and from then on follows their changes on `loop` as
    /// long as that exists. Errors: errno of inotify.
    Result<> start(boost::asio::io_context& loop);

    server::Shared<OnAir> const& on_air() const noexcept { return on_air_; }
    fs::path const& runtime_dir() const noexcept { return runtime_dir_; }

private:
    boost::asio::awaitable<void> follow(SnapshotWatch watch);
    void look_at(SnapshotWatch::Names const& channels);

    fs::path runtime_dir_;
    server::Shared<OnAir> on_air_;
};

/// A channel's configuration, valid until the next call; null for a name that is not configured.
using FindChannel = std::function<config::Channel const*(std::string_view name)>;

/// One thread's handlers.
class LiveHandlers {
public:
    LiveHandlers(Live const& live, FindChannel find_channel);

    server::Response master(server::Request const& request, server::Parameters const& parameters);
    server::Response media_playlist(server::Request const& request,
                                    server::Parameters const& parameters);
    server::Response segment(server::Request const& request, server::Parameters const& parameters);

    /// The channel `config::aliased_channel` under its other URLs (http/live/alias.hpp).
    server::Response aliased_stream(server::Request const& request);
    server::Response aliased_playlist(server::Request const& request,
                                      server::Parameters const& parameters);
    server::Response aliased_segment(server::Request const& request,
                                     server::Parameters const& parameters);

    /// Null while the channel has no snapshot.
    ChannelViewPtr view(std::string_view channel);
    void each_second() { files_.drop_removed(); }

private:
    /// What a segment's URL says.
    struct SegmentName {
        std::string_view channel, variant, file;
    };
    server::Response missing(std::string_view channel) const;
    server::Response open_segment(std::string const& key, SegmentName const& name);

    fs::path runtime_dir_;
    server::Reader<OnAir> on_air_;
    FindChannel find_channel_;
    server::OpenFiles files_;
};

} // namespace continuo::live
