#include "http/pseudolive/pseudolive.hpp"

#include "http/pseudolive/stream_list.hpp"
#include "http/pseudolive/stream_name.hpp"
#include "http/server/problem.hpp"
#include "http/storage/clock.hpp"
#include "http/storage/file_reference.hpp"
#include "http/storage/media_type.hpp"
#include "http/storage/stamp.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <utility>

namespace continuo::pseudolive {
namespace {

constexpr std::string_view playlist_type{"application/vnd.apple.mpegurl"};

/// What time it is for `request`; nothing where it says so, and nobody can understand it.
std::optional<WallTime> now_of(server::Request const& request, Shelf const& shelf) {
    if (!shelf.allows_clock) return storage::wall_now();
    auto const said = storage::query_value(request.query, "now");
    return said ? storage::parse_now(*said) : storage::wall_now();
}

std::string_view short_reason(std::string_view reason) {
    constexpr std::size_t most = 200;
    return reason.substr(0, most);
}

server::Response document_answer(server::DocumentOnDemand& document,
                                 server::Request const& request) {
    return server::answer(document.coding_for(request.accept_encoding));
}

server::DocumentOnDemand playlist_document(std::string text) {
    return {std::move(text), playlist_type, server::one_second};
}

} // namespace

/// What a URL asks for, and how its text refers to others.
struct PseudoliveHandlers::Wanted {
    std::string_view kind; ///< "stream" or "channel": for people
    std::string_view name;
    std::string_view track; ///< empty: the master
    ViewPtr view;
    std::string key; ///< of the text
    std::function<std::string(std::string const& id)> playlist_uri;
    UriOf file_uri;
};

PseudoliveHandlers::PseudoliveHandlers(Catalogue& catalogue)
    : catalogue_(catalogue), shelf_(catalogue.shelf()) {}

ViewPtr PseudoliveHandlers::channel(std::string_view name) {
    auto const& channels = shelf_.newest().channels;
    auto const found = channels.find(name);
    return found == channels.end() ? nullptr : found->second;
}

server::Response PseudoliveHandlers::absent(Wanted const& wanted) {
    if (!wanted.view && shelf_.newest().is_complete)
        return server::problem(404,
                               fmt::format("There is no {} \"{}\".", wanted.kind, wanted.name));
    if (wanted.view && wanted.view->state == ViewState::refused)
        return server::problem(500, fmt::format("The {} \"{}\" can't be served: {}", wanted.kind,
                                                wanted.name, short_reason(wanted.view->note)));
    catalogue_.hurry(std::string(wanted.name));
    return server::not_ready_yet(
        fmt::format("The {} \"{}\" is being read.", wanted.kind, wanted.name));
}

server::Response PseudoliveHandlers::playlist(server::Request const& request,
                                              Wanted const& wanted) {
    if (!wanted.view || wanted.view->state != ViewState::ready) return absent(wanted);
    if (!wanted.track.empty()) return list(request, wanted);
    return document_answer(playlists_.find(wanted.key, wanted.view->stream, 0,
                                           [&] {
                                               auto master = wanted.view->face->master;
                                               for (auto& variant : master.variants)
                                                   variant.uri = wanted.playlist_uri(variant.uri);
                                               for (auto& rendition : master.renditions)
                                                   if (rendition.uri)
                                                       rendition.uri =
                                                           wanted.playlist_uri(*rendition.uri);
                                               return playlist_document(hls::to_text(master));
                                           }),
                           request);
}

server::Response PseudoliveHandlers::list(server::Request const& request, Wanted const& wanted) {
    auto const& view = *wanted.view;
    auto const& ids = view.face->ids;
    auto const id = std::ranges::find(ids, wanted.track);
    if (id == ids.end())
        return server::problem(404, fmt::format("The {} \"{}\" has no variant \"{}\".", wanted.kind,
                                                wanted.name, wanted.track));
    auto const now = now_of(request, shelf_.newest());
    if (!now)
        return server::problem(400, "now must be a date such as 2026-11-21T12:00:00Z, or seconds "
                                    "since 1970.");
    auto const ended = view.stream->ended_by(*now);
    if (ended == 0) {
        auto const wait =
            std::chrono::ceil<std::chrono::seconds>(view.stream->next_change(0) - *now);
        return server::problem(
            503, "Nothing has been shown yet.",
            fmt::format("Retry-After: {}\r\n", std::clamp<std::int64_t>(wait.count(), 1, 60)));
    }
    auto const track = static_cast<std::size_t>(id - ids.begin());
    return document_answer(
        playlists_.find(wanted.key, view.stream, ended,
                        [&] {
                            return playlist_document(
                                hls::to_text(*view.stream->list(track, ended, wanted.file_uri)));
                        }),
        request);
}

server::Response PseudoliveHandlers::master(server::Request const& request,
                                            server::Parameters const& parameters) {
    return media_playlist(request, parameters);
}

server::Response PseudoliveHandlers::media_playlist(server::Request const& request,
                                                    server::Parameters const& parameters) {
    auto const& streams = shelf_.newest().streams;
    auto const found = streams.find(parameters["stream"]);
    return playlist(request,
                    {.kind = "stream",
                     .name = parameters["stream"],
                     .track = parameters["track"],
                     .view = found == streams.end() ? nullptr : found->second,
                     .key = request.path,
                     .playlist_uri = [](std::string const& other) { return other + "/index.m3u8"; },
                     .file_uri = [](Asset const&, std::string const& uri) { return "../" + uri; }});
}

server::Response PseudoliveHandlers::aliased(server::Request const& request,
                                             std::string_view file) {
    auto const& shelf = shelf_.newest();
    auto const meant = stream_name_of(file, shelf.streams);
    if (!meant) {
        if (shelf.is_complete || !file.ends_with(".m3u8"))
            return server::problem(404, "There is nothing here.");
        return server::not_ready_yet("The streams are being read.");
    }
    auto const name = storage::uri_of(meant->stream);
    return playlist(
        request,
        {.kind = "stream",
         .name = meant->stream,
         .track = meant->track,
         .view = shelf.streams.find(meant->stream)->second,
         .key = request.path,
         .playlist_uri = [&](std::string const& id) { return fmt::format("{}_{}.m3u8", name, id); },
         .file_uri =
             [&](Asset const&, std::string const& uri) {
                 return fmt::format("pseudolive/{}/{}", name, uri);
             }});
}

server::Response PseudoliveHandlers::channel_master(server::Request const& request,
                                                    std::string_view name) {
    return channel_playlist(request, name, {});
}

server::Response PseudoliveHandlers::channel_playlist(server::Request const& request,
                                                      std::string_view name,
                                                      std::string_view track) {
    auto const view = channel(name);
    auto const name_of = [&](Asset const& asset) {
        auto const& items = view->stream->items();
        auto const item = std::ranges::find(
            items, &asset, [](Item const& candidate) { return candidate.asset.get(); });
        return storage::uri_of(view->item_names[static_cast<std::size_t>(item - items.begin())]);
    };
    return playlist(request,
                    {.kind = "channel",
                     .name = name,
                     .track = track,
                     .view = view,
                     .key = request.path,
                     .playlist_uri = [](std::string const& id) { return id + "/index.m3u8"; },
                     .file_uri =
                         [&](Asset const& asset, std::string const& uri) {
                             return fmt::format("../../../pseudolive/{}/{}", name_of(asset), uri);
                         }});
}

boost::asio::awaitable<server::Response>
PseudoliveHandlers::file(server::Request const&, server::Parameters const& parameters) {
    auto const& streams = shelf_.newest().streams;
    auto const stream = parameters["stream"];
    auto const found = streams.find(stream);
    auto view = found == streams.end() ? nullptr : found->second;
    if (!view || !view->asset) {
        Wanted const wanted{.kind = "stream",
                            .name = stream,
                            .track = {},
                            .view = std::move(view),
                            .key = {},
                            .playlist_uri = {},
                            .file_uri = {}};
        co_return absent(wanted);
    }
    std::string path(parameters["path"]);
    // The list of names is the wall: a path that no list has is never asked of the file system.
    if (!std::ranges::binary_search(view->asset->files, path))
        co_return server::problem(404,
                                  fmt::format("The stream \"{}\" has no such segment.", stream));
    auto key = fmt::format("{} {}", view->generation, path);
    if (auto held = files_.find(key)) co_return server::answer(std::move(held));
    co_return co_await open(std::move(key), std::move(view), std::move(path));
}

boost::asio::awaitable<server::Response> PseudoliveHandlers::open(std::string key, ViewPtr view,
                                                                  std::string path) {
    auto opened = co_await catalogue_.openers().open(view->folder, shelf_.newest().root, path);
    if (!opened) co_return server::not_ready_yet("The segment's storage does not answer.");
    if (!*opened) {
        spdlog::debug("\"{}\" in \"{}\" {}", path, view->folder.string(), opened->error().reason);
        co_return server::problem(404, "There is no such segment any more.");
    }
    auto const tag = to_text((*opened)->stamp);
    server::FileFacts const facts{
        .content_type = storage::media_type_of(path), .tag = tag, .lifetime = view->file_lifetime};
    co_return server::answer(files_.hold(std::move(key), std::move((*opened)->file), facts));
}

void PseudoliveHandlers::each_second() {
    files_.drop_removed();
    catalogue_.openers().replace_stuck();
}

server::Response PseudoliveHandlers::epg(server::Request const& request) {
    auto const& shelf = shelf_.newest();
    auto const now = now_of(request, shelf);
    if (!now) return server::problem(400, "now must be a date, or seconds since 1970.");
    server::DocumentOnDemand programme{xmltv(shelf.channels, *now), "application/xml",
                                       server::one_second};
    return document_answer(programme, request);
}

server::Response PseudoliveHandlers::streams() {
    return server::answer(
        server::represent(streams_json(shelf_.newest()), "application/json", server::no_store));
}

} // namespace continuo::pseudolive
