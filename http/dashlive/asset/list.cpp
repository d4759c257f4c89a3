#include "http/dashlive/asset/list.hpp"

#include "http/dashlive/asset/representation_kind.hpp"
#include "http/storage/file_reference.hpp"
#include "http/web/html.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <utility>

namespace continuo::dashlive {
namespace {

using OrderedJson = nlohmann::ordered_json;

std::string_view state_of(AssetView const& view) noexcept {
    if (!view.is_read) return "reading";
    return view.asset ? "ready" : "refused";
}

OrderedJson json_of(Track const& track) {
    OrderedJson json{{"id", track.id},
                     {"content", name_of(track.content)},
                     {"codecs", track.codecs},
                     {"bandwidth_bps", track.bandwidth_bps},
                     {"timescale", track.timescale},
                     {"segments", track.segments.size()}};
    auto const [shortest, longest] =
        std::ranges::minmax(track.segments, {}, &StoredSegment::duration);
    json["shortest_segment"] = shortest.duration;
    json["longest_segment"] = longest.duration;
    json["first_time"] = track.first_time;
    if (track.edit != 0) json["edit"] = track.edit;
    if (track.is_encrypted) json["encrypted"] = true;
    if (track.sound)
        json["cut_again"] = {{"frame", track.sound->frame}, {"frames", track.sound->frames.size()}};
    return json;
}

OrderedJson json_of(std::string const& name, AssetView const& view) {
    OrderedJson json{
        {"name", name}, {"state", state_of(view)}, {"manifests", OrderedJson::array()}};
    if (view.asset)
        for (auto const& [manifest, content] : view.asset->manifests)
            json["manifests"].push_back(manifest);
    auto refused = OrderedJson::array();
    for (auto const& [manifest, reason] : view.refused)
        refused.push_back({{"manifest", manifest}, {"reason", reason}});
    json["refused"] = std::move(refused);
    json["notes"] = view.notes;
    if (!view.asset) return json;
    auto const& pictures = view.asset->pictures();
    json["reference"] = view.asset->reference->id;
    json["loop"] = {{"segments", pictures.size()},
                    {"units", pictures.length()},
                    {"timescale", pictures.timescale()}};
    auto tracks = OrderedJson::array();
    for (auto const& [id, track] : view.asset->tracks)
        tracks.push_back(json_of(*track));
    json["tracks"] = std::move(tracks);
    return json;
}

std::string summary_of(Asset const& asset) {
    auto const& pictures = asset.pictures();
    auto summary =
        fmt::format("{} segment{} in {:.3f} s; ", pictures.size(), pictures.size() == 1 ? "" : "s",
                    static_cast<double>(pictures.length()) / pictures.timescale());
    std::string_view separator;
    for (auto const& [id, track] : asset.tracks) {
        summary += fmt::format("{}{} ({})", std::exchange(separator, ", "), id,
                               track->codecs.empty() ? name_of(track->content) : track->codecs);
    }
    return summary;
}

std::string paragraph(std::string_view css_class, std::string_view text) {
    return text.empty() ? std::string()
                        : fmt::format("<p class=\"{}\">{}</p>", css_class, web::escaped(text));
}

std::string links_of(std::string const& asset, Manifest const& manifest) {
    auto const path = storage::uri_of(asset + '/' + manifest.name);
    auto const playlist =
        storage::uri_of(asset + '/' + manifest.name.substr(0, manifest.name.rfind('.'))) + ".m3u8";
    return fmt::format(
        "<h3>{0}</h3>{1}<p class=\"links\"><a href=\"/urlgen#/livesim2/{2}\">Play</a>"
        "<a href=\"/livesim2/{2}\">MPD</a><a href=\"/livesim2/{3}\">HLS</a>"
        "<a href=\"/vod/{2}\">As it is on disk</a></p>",
        web::escaped(manifest.name), paragraph("source", manifest.title), path, playlist);
}

std::string row(std::string const& name, AssetView const& view) {
    bool const is_well = view.refused.empty();
    auto const state = !view.is_read ? "being read"
                       : !view.asset ? "refused"
                       : is_well     ? "ready"
                                     : "ready, but for what is refused";
    auto html = fmt::format("<li><h2>{}</h2><p class=\"state {}\">{}</p>", web::escaped(name),
                            !view.is_read ? "fair"
                            : !view.asset ? "ill"
                            : is_well     ? "well"
                                          : "fair",
                            state);
    if (view.asset) html += paragraph("variants", summary_of(*view.asset));
    for (auto const& [manifest, reason] : view.refused)
        html += paragraph("note", fmt::format("{}: {}", manifest, reason));
    for (auto const& note : view.notes)
        html += paragraph("hint", note);
    if (view.asset)
        for (auto const& [file, manifest] : view.asset->manifests)
            html += links_of(name, manifest);
    return html + "</li>\n";
}

} // namespace

std::string asset_json(std::string const& name, AssetView const& view) {
    return json_of(name, view).dump(-1, ' ', false, OrderedJson::error_handler_t::replace) + '\n';
}

std::string assets_json(AssetShelf const& shelf) {
    auto assets = OrderedJson::array();
    for (auto const& [name, view] : shelf.assets)
        assets.push_back(json_of(name, *view));
    return OrderedJson{{"complete", shelf.is_complete}, {"assets", std::move(assets)}}.dump(
               -1, ' ', false, OrderedJson::error_handler_t::replace) +
           '\n';
}

std::string assets_html(AssetShelf const& shelf) {
    if (shelf.assets.empty())
        return shelf.root.empty()
                   ? "<li class=\"none\">No assets are served: livesim.root is not set, or can't "
                     "be read.</li>\n"
                   : "<li class=\"none\">There is no MPD in a folder of livesim.root.</li>\n";
    std::string list;
    for (auto const& [name, view] : shelf.assets)
        list += row(name, *view);
    return list;
}

} // namespace continuo::dashlive
