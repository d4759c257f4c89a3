#include "http/live/live.hpp"

#include "core/base/name.hpp"
#include "core/contract/layout.hpp"
#include "core/contract/watch.hpp"
#include "core/os/file.hpp"
#include "core/os/runtime_dir.hpp"
#include "http/live/alias.hpp"
#include "http/server/problem.hpp"

#include <boost/asio/co_spawn.hpp>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <exception>
#include <memory>
#include <string>
#include <utility>

namespace continuo::live {
namespace {

/// For a segment of a channel whose snapshot is gone.
constexpr std::chrono::seconds unknown_lifetime{60};

constexpr std::string_view segment_type{"video/mp2t"};
constexpr std::string_view text_type{"text/vtt"};

Result<ChannelViewPtr> read_view(fs::path const& runtime_dir, std::string_view channel,
                                 ChannelView const* before) {
    auto const text = os::read_file(contract::snapshot_file(runtime_dir, channel));
    if (!text) return text.error();
    auto snapshot = contract::parse_channel_snapshot(*text);
    if (!snapshot) return snapshot.error();
    auto const grown =
        growth_of(*snapshot, before, std::chrono::steady_clock::now(),
                  std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now()));
    return view_of(std::move(*snapshot), grown);
}

bool is_absent(Error const& error) {
    return error.code == boost::system::errc::no_such_file_or_directory ||
           error.code == boost::system::errc::not_a_directory;
}

server::Response no_such_segment() {
    return server::problem(404, "There is no such segment (any more).");
}

server::Response no_aliased_channel() {
    return server::problem(404,
                           fmt::format("There is no channel \"{}\", to which this URL belongs.",
                                       config::aliased_channel));
}

/// `playlist`, or an empty one as long as `channel` has none.
server::Response playlist_answer(MaybeDocument const& playlist, config::Channel const& channel,
                                 server::Request const& request) {
    auto const document = playlist ? *playlist : empty_document(channel.target_duration);
    return server::answer(server::choose_coding(document, request.accept_encoding));
}

} // namespace

Live::Live(fs::path runtime_dir)
    : runtime_dir_(std::move(runtime_dir)), on_air_(std::make_shared<OnAir const>()) {}

fs::path Live::runtime_dir() const {
    return os::readers_runtime_dir(runtime_dir_, contract::channels_directory);
}

Result<> Live::start(boost::asio::io_context& loop, OnSessions on_sessions) {
    on_sessions_ = std::move(on_sessions);
    auto watch = SnapshotWatch::open(loop, runtime_dir_);
    if (!watch) return watch.error();
    look_at(watch->scan());
    boost::asio::co_spawn(loop, follow(std::move(*watch)), [](std::exception_ptr failure) {
        if (failure)
            std::rethrow_exception(failure); // ends the process: it would serve what is out of date
    });
    return {};
}

boost::asio::awaitable<void> Live::follow(SnapshotWatch watch) {
    for (;;) {
        auto const changes = co_await watch.next();
        if (changes.empty()) co_return;
        look_at(changes);
    }
}

void Live::look_at(SnapshotWatch::Changes const& changes) {
    if (on_sessions_ && (!changes.sessions.empty() || changes.any_session_may_have))
        on_sessions_(changes.sessions, changes.any_session_may_have);
    if (changes.channels.empty()) return;
    auto next = std::make_shared<OnAir>(*on_air_.load());
    for (auto const& channel : changes.channels) {
        auto const known = next->find(channel);
        auto const* const before = known == next->end() ? nullptr : known->second.get();
        auto view = read_view(runtime_dir(), channel, before);
        if (view) {
            if (!before) spdlog::info("channel \"{}\": has a snapshot", channel);
            next->insert_or_assign(channel, std::move(*view));
        } else if (is_absent(view.error())) {
            if (next->erase(channel) > 0) spdlog::info("channel \"{}\": snapshot is gone", channel);
        } else {
            spdlog::warn("channel \"{}\": {}; serving the snapshot before it", channel,
                         to_text(view.error()));
        }
    }
    on_air_.publish(std::move(next));
}

LiveHandlers::LiveHandlers(Live const& live, FindChannel find_channel)
    : live_(live), on_air_(live.on_air()), find_channel_(std::move(find_channel)) {}

ChannelViewPtr LiveHandlers::view(std::string_view channel) {
    auto const& on_air = on_air_.newest();
    auto const found = on_air.find(channel);
    return found == on_air.end() ? nullptr : found->second;
}

server::Response LiveHandlers::missing(std::string_view channel) const {
    // It may come on air, and 503 is the answer until it does.
    if (find_channel_(channel))
        return server::not_ready_yet(fmt::format("Channel \"{}\" has not started yet.", channel));
    return server::problem(404, fmt::format("There is no channel \"{}\".", channel));
}

server::Response LiveHandlers::master(server::Request const& request,
                                      server::Parameters const& parameters) {
    auto const channel = parameters["channel"];
    auto const shown = view(channel);
    if (!shown) return missing(channel);
    if (!shown->master)
        return server::not_ready_yet(fmt::format("Channel \"{}\" is starting.", channel));
    return server::answer(server::choose_coding(*shown->master, request.accept_encoding));
}

server::Response LiveHandlers::media_playlist(server::Request const& request,
                                              server::Parameters const& parameters) {
    auto const channel = parameters["channel"];
    auto const shown = view(channel);
    if (!shown) return missing(channel);
    auto const* const variant = shown->variant(parameters["variant"]);
    if (!variant)
        return server::problem(404, fmt::format("Channel \"{}\" has no variant \"{}\".", channel,
                                                parameters["variant"]));
    if (!*variant)
        return server::not_ready_yet(fmt::format("Variant \"{}\" of channel \"{}\" is starting.",
                                                 parameters["variant"], channel));
    return server::answer(server::choose_coding(**variant, request.accept_encoding));
}

server::Response LiveHandlers::segment(server::Request const& request,
                                       server::Parameters const& parameters) {
    // The path is canonical, so it is the key; what is held was checked when it was opened.
    if (auto held = files_.find(request.path)) return server::answer(std::move(held));
    return open_segment(request.path, {.channel = parameters["channel"],
                                       .variant = parameters["variant"],
                                       .file = parameters["file"]});
}

server::Response LiveHandlers::open_segment(std::string const& key, SegmentName const& name) {
    auto const path = contract::path_of(name.variant, name.file);
    if (!path || !(is_valid_name(name.channel) || contract::is_watch_channel(name.channel)))
        return no_such_segment();
    auto const shown = view(name.channel);
    auto const file =
        contract::channel_directory(live_.runtime_dir(), name.channel) / contract::to_text(*path);
    auto opened = files_.open(
        key, file,
        {.content_type = contract::is_text_file_name(path->file) ? text_type : segment_type,
         .tag = name.file,
         .lifetime = shown ? shown->segment_lifetime : unknown_lifetime});
    if (opened) return server::answer(std::move(*opened));
    if (is_absent(opened.error())) return no_such_segment();
    spdlog::debug("{}", to_text(opened.error())); // a client may repeat it without end
    return server::not_ready_yet("The segment can't be opened now.");
}

std::optional<server::Response> LiveHandlers::first_playlist(server::Request const& request,
                                                             std::string_view channel) {
    auto const shown = view(channel);
    if (!shown || shown->variants.empty() || !shown->variants.front()) return std::nullopt;
    return server::answer(server::choose_coding(*shown->variants.front(), request.accept_encoding));
}

std::optional<server::Response> LiveHandlers::first_segment(server::Request const& request,
                                                            std::string_view channel,
                                                            std::string_view file) {
    if (auto held = files_.find(request.path)) return server::answer(std::move(held));
    auto const shown = view(channel);
    if (!shown || shown->snapshot.variants.empty()) return std::nullopt;
    return open_segment(
        request.path,
        {.channel = channel, .variant = shown->snapshot.variants.front().name, .file = file});
}

server::Response LiveHandlers::aliased_stream(server::Request const& request) {
    auto const* const channel = find_channel_(config::aliased_channel);
    if (!channel) return no_aliased_channel();
    auto const shown = view(config::aliased_channel);
    if (!shown) return playlist_answer(std::nullopt, *channel, request);
    auto const& alias = shown->alias;
    return playlist_answer(config::copies_only(*channel) ? alias.copy_stream : alias.ladder_stream,
                           *channel, request);
}

server::Response LiveHandlers::aliased_playlist(server::Request const& request,
                                                server::Parameters const& parameters) {
    auto const* const channel = find_channel_(config::aliased_channel);
    if (!channel) return no_aliased_channel();
    auto const shown = view(config::aliased_channel);
    auto const count = shown ? shown->alias.numbered_streams.size() : channel->variants.size();
    auto const number = stream_number(parameters["stream"]);
    if (!number || *number >= count)
        return server::problem(404, fmt::format("Channel \"{}\" has {} streams, from stream_0 on.",
                                                config::aliased_channel, count));
    return playlist_answer(shown ? shown->alias.numbered_streams[*number] : std::nullopt, *channel,
                           request);
}

server::Response LiveHandlers::aliased_segment(server::Request const& request,
                                               server::Parameters const& parameters) {
    if (auto held = files_.find(request.path)) return server::answer(std::move(held));
    // The list tells what the URLs in it mean; the configuration may be newer.
    auto const shown = view(config::aliased_channel);
    if (!shown || shown->snapshot.variants.empty()) return no_such_segment();
    return open_segment(request.path, {.channel = config::aliased_channel,
                                       .variant = shown->snapshot.variants.front().name,
                                       .file = parameters["file"]});
}

} // namespace continuo::live
