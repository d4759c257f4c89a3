#include "http/web/assets.hpp"

#include "http/web/embedded.hpp"
#include "http/web/html.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace continuo::web {
namespace {

// Nothing comes from elsewhere, and nobody elsewhere learns where a link stood; with no-referrer a
// beacon would come with "Origin: null" (Fetch Standard, "append a request Origin header").
// Players start their workers and feed the video element through blob: URLs.
// The hash is that of nothing: dash.js adds an empty style element and fills it later;
// data: is where hls.js has its empty tracks of subtitles from.
constexpr std::string_view page_fields =
    "Content-Security-Policy: default-src 'none'; script-src 'self'; "
    "style-src 'self' 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='; "
    "img-src 'self' data:; media-src 'self' blob: data:; connect-src 'self'; worker-src blob:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'\r\n"
    "X-Content-Type-Options: nosniff\r\n"
    "Referrer-Policy: same-origin\r\n";
constexpr std::string_view asset_fields = "X-Content-Type-Options: nosniff\r\n";
constexpr std::string_view script_type = "text/javascript; charset=utf-8";

void add_asset(server::Router& router, std::string const& path, server::Document const& document) {
    router.add(server::Method::get, path,
               [document](server::Request const& request, server::Parameters const&) {
                   auto response =
                       server::answer(server::choose_coding(document, request.accept_encoding));
                   response.fields = asset_fields;
                   return response;
               });
}

server::Document kept_for_ever(std::string_view name) {
    return server::make_document(std::string(text_of(name)), script_type, server::for_ever);
}

/// Compressed once, for all threads.
server::Document const& hls_document() {
    static auto const document = kept_for_ever("hls.js");
    return document;
}
server::Document const& dash_document() {
    static auto const document = kept_for_ever("dash.js");
    return document;
}

std::string urlgen_html() {
    return filled(filled(text_of("urlgen.html"), "dash", dash_path()), "hls", hls_path());
}

server::Document revalidated(std::string_view name, std::string_view content_type) {
    return server::make_document(std::string(text_of(name)), content_type, {"no-cache"});
}

} // namespace

std::string_view text_of(std::string_view name) {
    auto const files = embedded_files();
    auto const found = std::find_if(files.begin(), files.end(),
                                    [&](EmbeddedFile const& file) { return file.name == name; });
    if (found == files.end()) throw std::logic_error("not embedded: " + std::string(name));
    return found->text;
}

std::string hls_path() {
    return fmt::format("/assets/hls-{}.js", hls_version);
}

std::string dash_path() {
    return fmt::format("/assets/dash-{}.js", dash_version);
}

server::Response page(std::string html) {
    auto response = server::answer(
        server::represent(std::move(html), "text/html; charset=utf-8", server::no_store));
    response.fields = page_fields;
    return response;
}

void add_routes(server::Router& router) {
    add_asset(router, hls_path(), hls_document());
    add_asset(router, dash_path(), dash_document());
    add_asset(router, "/assets/style.css", revalidated("style.css", "text/css; charset=utf-8"));
    add_asset(router, "/assets/index.js", revalidated("index.js", script_type));
    add_asset(router, "/assets/play.js", revalidated("play.js", script_type));
    for (auto const* const name :
         {"urlgen.js", "urlgen_options.js", "urlgen_player.js", "watch.js", "watch-api.js",
          "watch-keys.js", "watch-lobby.js", "watch-player.js", "watch-pulse.js", "watch-room.js",
          "watch-seekbar.js", "watch-sync.js", "watch-words.js"})
        add_asset(router, std::string("/assets/") + name, revalidated(name, script_type));
    add_asset(router, "/assets/icon.svg", revalidated("icon.svg", "image/svg+xml"));
    router.add(
        server::Method::get, "/urlgen",
        [](server::Request const&, server::Parameters const&) { return page(urlgen_html()); });
}

} // namespace continuo::web
