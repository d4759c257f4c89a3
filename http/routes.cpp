#include "http/routes.hpp"

#include "core/contract/layout.hpp"
#include "http/dashlive/asset_pages.hpp"
#include "http/dashlive/dashlive.hpp"
#include "http/pseudolive/pseudolive.hpp"
#include "http/status/control_client.hpp"
#include "http/status/status.hpp"
#include "http/watch/handlers.hpp"
#include "http/watch/rows.hpp"
#include "http/web/assets.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
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
    explicit Features(Supplies const& supplies)
        : settings(supplies.settings)
        , live(supplies.live, [this](std::string_view name) { return find_made_channel(name); })
        , pseudolive(supplies.catalogue)
        , dashlive(supplies.dash_assets, supplies.dash_layouts)
        , asset_pages(supplies.dash_assets)
        , status(surroundings(supplies.live))
        , watch(supplies.watch, watch_surroundings(supplies.live),
                [this](Request const& request, watch::StreamName const& name) {
                    return serve_stream(request, name);
                }) {}

    config::Channel const* find_channel(std::string_view name) {
        auto const& channels = settings.newest().config.channels;
        auto const found = std::find_if(channels.begin(), channels.end(),
                                        [&](auto const& channel) { return channel.name == name; });
        return found == channels.end() ? nullptr : &*found;
    }

    /// One that the daemon makes.
    config::Channel const* find_made_channel(std::string_view name) {
        auto const* const channel = find_channel(name);
        return channel && !config::is_linear(*channel) ? channel : nullptr;
    }

    bool is_linear(std::string_view name) {
        auto const* const channel = find_channel(name);
        return channel && config::is_linear(*channel);
    }

    status::Seen find_snapshot(std::string_view name) {
        if (is_linear(name)) return {.snapshot = nullptr, .linear = linear_channel(name)};
        auto view = live.view(name);
        if (!view) return {};
        return {.snapshot = {view, &view->snapshot}, .grown = view->grown};
    }

    std::shared_ptr<status::LinearChannel const> linear_channel(std::string_view name) {
        constexpr std::size_t most_programmes = 10;
        auto channel = std::make_shared<status::LinearChannel>();
        auto const view = pseudolive.channel(name);
        if (!view || view->state == pseudolive::ViewState::reading) {
            channel->condition = {
                .on_air = false, .state = "starting", .note = "its assets are being read"};
            return channel;
        }
        if (!view->stream) {
            channel->condition = {.on_air = false, .state = "failed", .note = view->note};
            return channel;
        }
        auto const now =
            std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
        auto const& stream = *view->stream;
        auto const ended = stream.ended_by(now);
        channel->condition = {
            .on_air = ended > 0, .state = ended > 0 ? "on air" : "starting", .note = view->note};
        for (auto const& [asset, start, end] :
             pseudolive::programmes(*view, now, contract::WallTime::max(), most_programmes))
            channel->programmes.push_back({.asset = asset, .start = start, .end = end});
        channel->variants = view->face->ids;
        if (ended > 0) channel->newest_number = stream.era().media_sequence + ended - 1;
        channel->target_duration = stream.target_duration();
        channel->since = stream.era().start;
        return channel;
    }

    status::Surroundings surroundings(live::Live const& tree) {
        status::Surroundings around;
        around.config = [this] {
            auto const& held = settings.hold_newest();
            return std::shared_ptr<config::Config const>(held, &held->config);
        };
        around.token = [this]() -> auto const& {
            return settings.newest().token;
        };
        around.find_snapshot = [this](std::string_view name) { return find_snapshot(name); };
        around.runtime_dir = [&tree] { return tree.runtime_dir(); };
        return around;
    }

    watch::Surroundings watch_surroundings(live::Live const& tree) {
        watch::Surroundings around;
        around.config = [this]() -> auto const& {
            return settings.newest().config;
        };
        around.token = [this]() -> auto const& {
            return settings.newest().watch_token;
        };
        around.ask = [&tree](contract::ControlRequest request) {
            return status::ask(contract::control_socket(tree.runtime_dir()), std::move(request));
        };
        return around;
    }

    /// A session's stream is its channel's.
    std::optional<Response> serve_stream(Request const& request, watch::StreamName const& name) {
        using Kind = watch::StreamName::Kind;
        auto const view = live.view(name.channel);
        if (!view) return std::nullopt;
        Parameters parameters;
        parameters.add("channel", name.channel);
        parameters.add("variant", name.variant);
        parameters.add("file", name.file);
        switch (name.kind) {
        case Kind::first_playlist: return live.first_playlist(request, name.channel);
        case Kind::first_segment: return live.first_segment(request, name.channel, name.file);
        case Kind::master:
            return view->master ? std::optional(live.master(request, parameters)) : std::nullopt;
        case Kind::playlist: return live.media_playlist(request, parameters);
        case Kind::segment: return live.segment(request, parameters);
        }
        return std::nullopt;
    }

    server::Reader<Settings> settings;
    live::LiveHandlers live;
    pseudolive::PseudoliveHandlers pseudolive;
    dashlive::DashliveHandlers dashlive;
    dashlive::AssetPages asset_pages;
    status::StatusHandlers status;
    watch::WatchHandlers watch;
};
using FeaturesPtr = std::shared_ptr<Features>;

void add_live(Router& router, FeaturesPtr const& own) {
    router.add(Method::get, "/live/{channel}/{variant}/index.m3u8",
               [own](Request const& request, Parameters const& parameters) {
                   if (own->is_linear(parameters["channel"]))
                       return own->pseudolive.channel_playlist(request, parameters["channel"],
                                                               parameters["variant"]);
                   return own->live.media_playlist(request, parameters);
               });
    router.add(Method::get, "/live/{channel}/{variant}/{file}",
               [own](Request const& request, Parameters const& parameters) {
                   return own->live.segment(request, parameters);
               });
    router.add(Method::get, "/live/{channel}/master.m3u8",
               [own](Request const& request, Parameters const& parameters) {
                   if (own->is_linear(parameters["channel"]))
                       return own->pseudolive.channel_master(request, parameters["channel"]);
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

void add_pseudolive(Router& router, FeaturesPtr const& own) {
    router.add(Method::get, "/pseudolive/{stream}/master.m3u8",
               [own](Request const& request, Parameters const& parameters) {
                   return own->pseudolive.master(request, parameters);
               });
    router.add(Method::get, "/pseudolive/{stream}/{track}/index.m3u8",
               [own](Request const& request, Parameters const& parameters) {
                   return own->pseudolive.media_playlist(request, parameters);
               });
    router.add(Method::get, "/pseudolive/{stream}/{path...}",
               server::LateHandler([own](Request const& request, Parameters const& parameters) {
                   return own->pseudolive.file(request, parameters);
               }));
    router.add(Method::get, "/epg.xml", [own](Request const& request, Parameters const&) {
        return own->pseudolive.epg(request);
    });
    router.add(Method::get, "/api/v1/pseudolive",
               [own](Request const&, Parameters const&) { return own->pseudolive.streams(); });
}

void add_dashlive(Router& router, FeaturesPtr const& own, std::string const& prefix,
                  dashlive::Dialect dialect) {
    auto const pattern = prefix + "{path...}";
    router.add(
        Method::get, pattern,
        server::LateHandler([own, dialect](Request const& request, Parameters const& parameters) {
            return own->dashlive.get(request, dialect, parameters["path"]);
        }));
    router.add(Method::post, pattern,
               [own, dialect](Request const& request, Parameters const& parameters) {
                   return own->dashlive.post(request, dialect, parameters["path"]);
               });
}

void add_dashlive(Router& router, FeaturesPtr const& own) {
    add_dashlive(router, own, "/livesim2/", dashlive::Dialect::livesim2);
    add_dashlive(router, own, "/livesim/", dashlive::Dialect::livesim1);
    router.add(Method::get, "/patch/{path...}",
               [own](Request const& request, Parameters const& parameters) {
                   return own->dashlive.patch(request, parameters["path"]);
               });
    for (auto const* const path : {"/time.iso", "/dash/time.txt", "/static/time.txt"})
        router.add(Method::get, path,
                   [own](Request const&, Parameters const&) { return own->dashlive.time(); });
}

void add_assets(Router& router, FeaturesPtr const& own) {
    for (auto const* const path : {"/assets", "/vod"})
        router.add(Method::get, path, [own](Request const& request, Parameters const&) {
            return own->asset_pages.list(request);
        });
    router.add(Method::get, "/api/v1/assets",
               [own](Request const&, Parameters const&) { return own->asset_pages.json(); });
    router.add(Method::get, "/vod/{path...}",
               server::LateHandler([own](Request const&, Parameters const& parameters) {
                   return own->asset_pages.file(parameters["path"]);
               }));
}

/// "/STREAM.m3u8" and "/STREAM_TRACK.m3u8": any name that nothing else has.
void add_stream_aliases(Router& router, FeaturesPtr const& own) {
    router.add(Method::get, "/{file}", [own](Request const& request, Parameters const& parameters) {
        return own->pseudolive.aliased(request, parameters["file"]);
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
    router.add(Method::get, "/", [own](Request const&, Parameters const&) {
        return own->watch.is_alone() ? own->watch.page() : own->status.dashboard();
    });
    router.add(Method::get, "/play/{channel}", [own](Request const&, Parameters const& parameters) {
        return own->status.player(parameters["channel"]);
    });
    web::add_routes(router);
}

} // namespace

server::Site make_site(Supplies const& supplies) {
    auto const own = std::make_shared<Features>(supplies);
    server::Site site;
    add_live(site.router, own);
    add_aliases(site.router, own);
    add_pseudolive(site.router, own);
    add_dashlive(site.router, own);
    add_assets(site.router, own);
    add_status(site.router, own);
    watch::add_rows(site.router, {own, &own->watch});
    add_pages(site.router, own);
    add_stream_aliases(site.router, own);
    site.each_second = [own] {
        own->live.each_second();
        own->pseudolive.each_second();
        own->dashlive.each_second();
    };
    return site;
}

} // namespace continuo
