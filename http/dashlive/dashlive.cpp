#include "http/dashlive/dashlive.hpp"

#include "http/dashlive/base_url.hpp"
#include "http/dashlive/caching.hpp"
#include "http/dashlive/faults.hpp"
#include "http/dashlive/hls/view.hpp"
#include "http/dashlive/media/clear_key.hpp"
#include "http/dashlive/mpd/mpd.hpp"
#include "http/dashlive/mpd/patch.hpp"
#include "http/dashlive/problem.hpp"
#include "http/server/date_text.hpp"
#include "http/server/problem.hpp"
#include "http/storage/clock.hpp"

#include <fmt/format.h>

#include <chrono>
#include <utility>

namespace continuo::dashlive {

namespace asio = boost::asio;

namespace {

constexpr std::string_view mpd_type{"application/dash+xml"};
constexpr std::string_view patch_type{"application/dash-patch+xml"};
constexpr std::string_view playlist_type{"application/vnd.apple.mpegurl"};

DateTime wall_now() {
    return std::chrono::floor<milliseconds>(storage::wall_now());
}

server::Response document_answer(server::Document const& document, server::Request const& request) {
    return server::answer(server::choose_coding(document, request.accept_encoding));
}

bool is_text(std::string_view path) {
    return path.ends_with(".mpd") || path.ends_with(".m3u8");
}

/// The MPD at `path`. Errors: 404.
Answer<Manifest const*> manifest_at(Asset const& asset, std::string_view path) {
    auto const* const found = asset.find_manifest(path);
    if (!found)
        return Refusal{404, fmt::format("the asset \"{}\" has no MPD \"{}\"", asset.name, path)};
    return found;
}

MpdRequest mpd_request(server::Request const& request) {
    return {.base = base_url_of(request),
            .query = std::string(request.query),
            .period = storage::query_value(request.query, "period").value_or("")};
}

/// "Manifest.mpd" of "Manifest.mpp".
std::string manifest_of_patch(std::string_view path) {
    if (path.ends_with(".mpp")) path.remove_suffix(4);
    return std::string(path) + ".mpd";
}

/// Texts repeat the query that they were asked with, and the host.
std::string text_key(server::Request const& request) {
    return fmt::format("{}?{} {}", request.path, request.query, base_url_of(request));
}

} // namespace

DashliveHandlers::DashliveHandlers(AssetLibrary& library, Layouts& layouts)
    : library_(library), shelf_(library.shelf()), media_(library.openers(), layouts) {}

server::Document const* DashliveHandlers::find_held(server::Request const& request) {
    // Assets change so seldom that all answers may go when one does.
    if (auto const version = library_.shelf().version(); version != answers_of_) {
        answers_.clear();
        answers_of_ = version;
    }
    if (is_text(request.path)) return answers_.find(text_key(request), wall_now());
    // Media are held without their query, which may be another one for each viewer.
    bool const may_say_time = shelf_.newest().allows_clock && !request.query.empty();
    return may_say_time ? nullptr : answers_.find(request.path, wall_now());
}

Answer<Demand> DashliveHandlers::demand(server::Request const& request, Dialect dialect,
                                        std::string_view path, Clock& clock) {
    auto const& shelf = shelf_.newest();
    auto const steady = std::chrono::steady_clock::now();
    auto const wall = wall_now();
    RequestTime time{.now = wall};
    if (shelf.allows_clock) {
        auto const said = clock(request.query, wall);
        if (!said) return said.error();
        time = *said;
    }
    auto asked = asked_for(shelf, dialect, path, time.now);
    if (!asked) return asked.error();
    return Demand{.asked = std::move(*asked),
                  .wall = wall,
                  .steady = steady,
                  .by_clock = time.is_said,
                  .root = shelf.root};
}

asio::awaitable<server::Response> DashliveHandlers::get(server::Request const& request,
                                                        Dialect dialect, std::string_view path) {
    if (auto const* const held = find_held(request)) co_return document_answer(*held, request);
    auto const version = answers_of_;
    auto const demand = this->demand(request, dialect, path);
    if (!demand) co_return problem(demand.error());
    if (is_hls_playlist(demand->asked.path))
        co_return text(request, *demand, playlist(request, *demand));
    if (demand->asked.path.ends_with(".mpd"))
        co_return text(request, *demand, manifest(request, *demand));

    auto answer = co_await media_.answer(request, *demand);
    if (answer.is_lasting && version == answers_of_)
        answers_.hold(request.path,
                      {.since = demand->wall, .until = demand->wall + MediaHandler::hold_time},
                      {.identity = answer.response.content, .gzip = nullptr});
    co_return std::move(answer.response);
}

Answer<DashliveHandlers::LiveText> DashliveHandlers::manifest(server::Request const& request,
                                                              Demand const& demand) {
    auto const& session = demand.asked.session;
    if (auto const checked = check_query(*session.options, request.query); !checked)
        return checked.error();
    auto const found = manifest_at(*session.asset, demand.asked.path);
    if (!found) return found.error();
    auto mpd = mpd_of(session, **found, mpd_request(request));
    if (!mpd) return mpd.error();
    return LiveText{.text = std::move(mpd->text),
                    .content_type = mpd_type,
                    .caching = manifest_caching(session, mpd->update_period, demand.by_clock),
                    .valid_until = mpd->valid_until};
}

Answer<DashliveHandlers::LiveText> DashliveHandlers::playlist(server::Request const& request,
                                                              Demand const& demand) {
    auto const& session = demand.asked.session;
    if (auto const checked = check_query(*session.options, request.query); !checked)
        return checked.error();
    auto playlist = hls_playlist_of(session, demand.asked.path, request.query);
    if (!playlist) return playlist.error();
    auto const target = playlist->target_duration;
    std::optional<milliseconds> const period =
        target > std::chrono::seconds{0} ? std::optional<milliseconds>(target) : std::nullopt;
    return LiveText{.text = std::move(playlist->text),
                    .content_type = playlist_type,
                    .caching = manifest_caching(session, period, demand.by_clock),
                    .valid_until = playlist->valid_until};
}

server::Response DashliveHandlers::text(server::Request const& request, Demand const& demand,
                                        Answer<LiveText> text) {
    if (!text) return problem(text.error());
    server::CachePolicy const caching{text->caching};
    if (demand.by_clock)
        return server::answer(
            server::represent(std::move(text->text), text->content_type, caching));
    auto document = server::make_document(std::move(text->text), text->content_type, caching);
    auto response = document_answer(document, request);
    Validity validity{.since = demand.wall};
    if (text->valid_until)
        validity.until = demand.wall + (*text->valid_until - demand.asked.session.now);
    answers_.hold(text_key(request), validity, std::move(document));
    return response;
}

server::Response DashliveHandlers::post(server::Request const& request, Dialect dialect,
                                        std::string_view path) {
    auto const demand = this->demand(request, dialect, path);
    if (!demand) return problem(demand.error());
    auto const& session = demand->asked.session;
    std::string_view const wanted = demand->asked.path;
    auto const end = wanted.rfind('/');
    if (session.options->encryption == Encryption::none || end == std::string_view::npos ||
        wanted.substr(end + 1) != licence_name)
        return server::problem(405, "Only licences are asked for by POST.",
                               "Allow: GET, HEAD, OPTIONS\r\n");
    if (auto const found = manifest_at(*session.asset, wanted.substr(0, end)); !found)
        return problem(found.error());
    auto licence = licence_for(request.body);
    if (!licence) return problem(licence.error());
    return server::answer(
        server::represent(std::move(*licence), licence_media_type, server::no_store));
}

server::Response DashliveHandlers::patch(server::Request const& request, std::string_view path) {
    auto const prefixed = without_prefix(path);
    if (!prefixed) return problem(prefixed.error());
    auto const demand = this->demand(request, prefixed->dialect, prefixed->path, time_of_patch);
    if (!demand) return problem(demand.error());
    auto const& session = demand->asked.session;
    if (auto const checked = check_query(*session.options, request.query); !checked)
        return problem(checked.error());
    auto const found = manifest_at(*session.asset, manifest_of_patch(demand->asked.path));
    if (!found) return problem(found.error());
    auto patch = patch_of(session, **found, mpd_request(request));
    if (!patch) return problem(patch.error());

    bool const is_kept = !demand->by_clock && is_constant(*session.options);
    auto const caching = is_kept ? server::one_second : server::no_store;
    auto response = server::answer(server::represent(std::move(patch->text), patch_type, caching));
    auto const expires = patch->expires - session.now + session.client_now;
    response.fields =
        fmt::format("Expires: {}\r\n",
                    server::DateText().at(std::chrono::floor<std::chrono::seconds>(expires)));
    return response;
}

server::Response DashliveHandlers::time() {
    return server::answer(
        server::represent(dash::to_text(wall_now()), "text/plain", server::no_store));
}

void DashliveHandlers::each_second() {
    answers_.drop_outdated(wall_now());
    media_.each_second();
    library_.openers().replace_stuck();
}

} // namespace continuo::dashlive
