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
#include <optional>
#include <string_view>

namespace continuo::live {

/// Owned by main, on the main loop; lives longer than the handlers. It only ever reads the tree, so
/// the last window is served while the daemon is dead.
class Live {
public:
    /// `runtime_dir`: as configured.
    explicit Live(fs::path runtime_dir);

    /// Told on the loop that files of watch sessions were replaced or removed: those of `ids`, or
    /// any. They lie in the same tree, so that one piece follows both; what they say is for others.
    using OnSessions = std::function<void(SnapshotWatch::Names const& ids, bool any)>;

    /// Views all snapshots that are there now, and from then on follows their changes on `loop` as
    /// long as that exists. Errors: errno of inotify.
    Result<> start(boost::asio::io_context& loop, OnSessions on_sessions);

    server::Shared<OnAir> const& on_air() const noexcept { return on_air_; }
    /// Where the tree is, or will be as far as can be told now.
    fs::path runtime_dir() const;

private:
    boost::asio::awaitable<void> follow(SnapshotWatch watch);
    void look_at(SnapshotWatch::Changes const& changes);

    fs::path runtime_dir_;
    server::Shared<OnAir> on_air_;
    OnSessions on_sessions_;
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
    /// What `channel` says by the URL of the request, whatever it is: its first variant's playlist
    /// and segments, as if they stood in /live/CHANNEL/VARIANT/. Nothing while there is no list.
    std::optional<server::Response> first_playlist(server::Request const& request,
                                                   std::string_view channel);
    std::optional<server::Response> first_segment(server::Request const& request,
                                                  std::string_view channel, std::string_view file);

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

    Live const& live_;
    server::Reader<OnAir> on_air_;
    FindChannel find_channel_;
    server::OpenFiles files_;
};

} // namespace continuo::live
