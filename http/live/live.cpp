#include "http/live/live.hpp"

#include "core/base/name.hpp"
#include "core/contract/layout.hpp"
#include "core/os/file.hpp"
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

Result<ChannelViewPtr> read_view(fs::path const& runtime_dir, std::string_view channel) {
    auto const text = os::read_file(contract::snapshot_file(runtime_dir, channel));
    if (!text) return text.error();
    auto snapshot = contract::parse_channel_snapshot(*text);
    if (!snapshot) return snapshot.error();
    return view_of(std::move(*snapshot));
}

bool is_absent(Error const& error) {
    return error.code == boost::system::errc::no_such_file_or_directory ||
           error.code == boost::system::errc::not_a_directory;
}

} // namespace

Live::Live(fs::path runtime_dir)
    : runtime_dir_(std::move(runtime_dir)), on_air_(std::make_shared<OnAir const>()) {}

Result<> Live::start(boost::asio::io_context& loop) {
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
        auto const channels = co_await watch.next();
        if (channels.empty()) co_return;
        look_at(channels);
    }
}

void Live::look_at(SnapshotWatch::Names const& channels) {
    auto next = std::make_shared<OnAir>(*on_air_.load());
    for (auto const& channel : channels) {
        auto view = read_view(runtime_dir_, channel);
        if (view) {
            if (!next->contains(channel)) spdlog::info("channel \"{}\": has a snapshot", channel);
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

LiveHandlers::LiveHandlers(Live const& live, std::function<bool(std::string_view)> is_configured)
    : runtime_dir_(live.runtime_dir())
    , on_air_(live.on_air())
    , is_configured_(std::move(is_configured)) {}

ChannelViewPtr LiveHandlers::view(std::string_view channel) {
    auto const& on_air = on_air_.newest();
    auto const found = on_air.find(channel);
    return found == on_air.end() ? nullptr : found->second;
}

server::Response LiveHandlers::missing(std::string_view channel) const {
    if (is_configured_(channel))
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

    auto const channel = parameters["channel"];
    auto const path = contract::path_of(parameters["variant"], parameters["file"]);
    if (!path || !is_valid_name(channel)) return server::problem(404, "There is no such segment.");
    auto const shown = view(channel);
    auto const file = contract::channel_directory(runtime_dir_, channel) / contract::to_text(*path);
    auto opened = files_.open(request.path, file, parameters["file"],
                              shown ? shown->segment_lifetime : unknown_lifetime);
    if (opened) return server::answer(std::move(*opened));
    if (is_absent(opened.error()))
        return server::problem(404, "There is no such segment (any more).");
    spdlog::debug("{}", to_text(opened.error())); // a client may repeat it without end
    return server::not_ready_yet("The segment can't be opened now.");
}

} // namespace continuo::live
