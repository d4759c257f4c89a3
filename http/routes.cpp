#include "http/routes.hpp"

#include "http/status/status.hpp"
#include "http/web/assets.hpp"

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string_view>
#include <utility>

namespace continuo {
namespace {

using server::Method;
using server::Parameters;
using server::Request;
using server::Response;
using server::Router;

/// One thread's features and what they look at; owned by its routes.
struct Features {
    Features(server::Shared<Settings> const& shared, live::Live const& on_air)
        : settings(shared)
        , live(on_air, [this](std::string_view name) { return find_channel(name); })
        , status(surroundings(on_air.runtime_dir())) {}

    config::Channel const* find_channel(std::string_view name) {
        auto const& channels = settings.newest().config.channels;
        auto const found = std::find_if(channels.begin(), channels.end(),
                                        [&](auto const& channel) { return channel.name == name; });
        return found == channels.end() ? nullptr : &*found;
    }

    status::Seen find_snapshot(std::string_view name) {
        auto view = live.view(name);
        if (!view) return {};
        return {.snapshot = {view, &view->snapshot}, .grown = view->grown};
    }

    status::Surroundings surroundings(std::filesystem::path runtime_dir) {
        status::Surroundings around;
        around.config = [this]() -> auto const& {
            return settings.newest().config;
        };
        around.token = [this]() -> auto const& {
            return settings.newest().token;
        };
        around.find_snapshot = [this](std::string_view name) { return find_snapshot(name); };
        around.runtime_dir = std::move(runtime_dir);
        return around;
    }

    server::Reader<Settings> settings;
    live::LiveHandlers live;
    status::StatusHandlers status;
};
using FeaturesPtr = std::shared_ptr<Features>;

void add_live(Router& router, FeaturesPtr const& own) {
    router.add(Method::get, "/live/{channel}/{variant}/index.m3u8",
               [own](Request const& request, Parameters const& parameters) {
                   return own->live.media_playlist(request, parameters);
               });
    router.add(Method::get, "/live/{channel}/{variant}/{file}",
               [own](Request const& request, Parameters const& parameters) {
                   return own->live.segment(request, parameters);
               });
    router.add(Method::get, "/live/{channel}/master.m3u8",
               [own](Request const& request, Parameters const& parameters) {
                   return own->live.master(request, parameters);
               });
}

/// The URLs of the mux service. They have fewer levels than those of a channel, or end in a name
/// that none of these has: channels may be called "stream" and "stream_0".
void add_aliases(Router& router, FeaturesPtr const& own) {
    router.add(Method::get, "/live/stream.m3u8", [own](Request const& request, Parameters const&) {
        return own->live.aliased_stream(request);
    });
    router.add(Method::get, "/live/{stream}/playlist.m3u8",
               [own](Request const& request, Parameters const& parameters) {
                   return own->live.aliased_playlist(request, parameters);
               });
    router.add(Method::get, "/live/{file}",
               [own](Request const& request, Parameters const& parameters) {
                   return own->live.aliased_segment(request, parameters);
               });
}

void add_status(Router& router, FeaturesPtr const& own) {
    router.add(Method::get, "/healthz",
               [own](Request const&, Parameters const&) { return own->status.healthz(); });
    router.add(Method::get, "/readyz",
               [own](Request const&, Parameters const&) { return own->status.readyz(); });
    router.add(Method::get, "/health",
               [own](Request const&, Parameters const&) { return own->status.health(); });
    router.add(Method::get, "/api/v1/channels",
               [own](Request const&, Parameters const&) { return own->status.channels(); });
    router.add(Method::get, "/api/v1/channels/{channel}",
               [own](Request const&, Parameters const& parameters) {
                   return own->status.channel(parameters["channel"]);
               });
    router.add(Method::post, "/api/v1/channels/{channel}/restart",
               server::LateHandler([own](Request const& request, Parameters const& parameters) {
                   return own->status.restart(request, parameters["channel"]);
               }));
    router.add(Method::post, "/api/v1/channels/{channel}/switch",
               server::LateHandler([own](Request const& request, Parameters const& parameters) {
                   return own->status.switch_to(request, parameters["channel"]);
               }));
    router.add(Method::post, "/api/v1/channels/{channel}/cues",
               server::LateHandler([own](Request const& request, Parameters const& parameters) {
                   return own->status.cue(request, parameters["channel"]);
               }));
}

void add_pages(Router& router, FeaturesPtr const& own) {
    router.add(Method::get, "/",
               [own](Request const&, Parameters const&) { return own->status.dashboard(); });
    router.add(Method::get, "/play/{channel}", [own](Request const&, Parameters const& parameters) {
        return own->status.player(parameters["channel"]);
    });
    web::add_routes(router);
}

} // namespace

server::Site make_site(server::Shared<Settings> const& settings, live::Live const& live) {
    auto const own = std::make_shared<Features>(settings, live);
    server::Site site;
    add_live(site.router, own);
    add_aliases(site.router, own);
    add_status(site.router, own);
    add_pages(site.router, own);
    site.each_second = [own] { own->live.each_second(); };
    return site;
}

} // namespace continuo
