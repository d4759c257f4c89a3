#include "http/dashlive/asset_pages.hpp"

#include "http/dashlive/asset/list.hpp"
#include "http/server/problem.hpp"
#include "http/storage/clock.hpp"
#include "http/storage/media_type.hpp"
#include "http/web/assets.hpp"
#include "http/web/html.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <memory>
#include <utility>

namespace continuo::dashlive {
namespace {

bool is_hidden(std::string_view path) noexcept {
    return path.starts_with('.') || path.find("/.") != std::string_view::npos;
}

/// A file that may be replaced at any time: asked for again, it need not be sent again.
server::RepresentationPtr file_answer(storage::OpenedFile opened, std::string_view name) {
    auto file = std::make_shared<server::Representation>();
    file->content_fields = fmt::format("Content-Type: {}\r\n", storage::media_type_of(name));
    file->etag = fmt::format("\"{}\"", to_text(opened.stamp));
    file->cache_fields = fmt::format("Cache-Control: no-cache\r\nETag: {}\r\n", file->etag);
    file->body = server::Body(std::make_shared<server::OpenFile const>(std::move(opened.file)));
    return file;
}

} // namespace

server::Response AssetPages::list(server::Request const& request) {
    if (storage::query_value(request.query, "format") == "json") return json();
    return web::page(
        web::filled(web::text_of("dash_assets.html"), "assets", assets_html(shelf_.newest())));
}

server::Response AssetPages::json() {
    return server::answer(
        server::represent(assets_json(shelf_.newest()), "application/json", server::no_store));
}

boost::asio::awaitable<server::Response> AssetPages::file(std::string_view path) {
    auto const& shelf = shelf_.newest();
    auto const found = shelf.find_folder(path);
    if (!found.view) {
        if (!shelf.is_complete) co_return server::not_ready_yet("The assets are being read.");
        co_return server::problem(404, fmt::format("There is no asset at \"{}\".", path));
    }
    std::string name(found.rest);
    if (is_hidden(name))
        co_return server::problem(404, fmt::format("There is no file at \"{}\".", path));
    auto opened = co_await library_.openers().open(found.view->folder, shelf.root, name);
    if (!opened) co_return server::not_ready_yet("The asset's storage does not answer.");
    if (!*opened) {
        spdlog::debug("\"{}\" in \"{}\" {}", name, found.view->folder.string(),
                      opened->error().reason);
        co_return server::problem(404, fmt::format("There is no file \"{}\".", name));
    }
    co_return server::answer(file_answer(*std::move(*opened), name));
}

} // namespace continuo::dashlive
