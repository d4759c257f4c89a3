#include "http/dashlive/hls/view.hpp"

#include "core/base/binary_text.hpp"
#include "http/dashlive/asset/names.hpp"
#include "http/dashlive/hls/list.hpp"
#include "http/dashlive/hls/multivariant.hpp"
#include "http/dashlive/media/clear_key.hpp"
#include "http/dashlive/media/encryption.hpp"
#include "http/dashlive/media/timed_text.hpp"
#include "http/dashlive/session/effects.hpp"
#include "http/dashlive/session/outages.hpp"
#include "http/dashlive/session/urls.hpp"
#include "http/storage/file_reference.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <iterator>
#include <utility>
#include <vector>

namespace continuo::dashlive {
namespace {

constexpr std::string_view extension = ".m3u8";
constexpr std::int64_t most_lines = 10'000;
constexpr std::int64_t lines_per_segment = 3; // date, EXTINF, URI
constexpr std::int64_t lines_of_the_head = 8;

Refusal unknown(std::string_view path) {
    return {.status = 404, .detail = fmt::format("no playlist is called \"{}\" here", path)};
}

/// "?nowMS=100000", fit for a quoted string.
std::string suffix_of(std::string_view query) {
    std::string suffix;
    for (auto const letter : query) {
        auto const code = static_cast<unsigned char>(letter);
        if (code <= 0x20 || code >= 0x7F || letter == '"')
            fmt::format_to(std::back_inserter(suffix), "%{:02X}", code);
        else
            suffix += letter;
    }
    return suffix.empty() ? suffix : '?' + suffix;
}

/// The MPD that a multivariant playlist stands for.
Manifest const* manifest_beside(Asset const& asset, std::string_view path) {
    auto const base = path.substr(0, path.size() - extension.size());
    if (auto const* const found = asset.find_manifest(std::string(base) + ".mpd")) return found;
    auto const is_any = base == "manifest" && !asset.manifests.empty();
    return is_any ? &asset.manifests.begin()->second : nullptr;
}

/// The start of a session that began relative to now would move with each reload.
bool has_relative_times(Options const& options) noexcept {
    return options.start_relative || options.stop_relative;
}

/// Where the asset lies for a client that goes on from here: where it lies for him now, unless the
/// start has to be fixed.
std::string folder_of(Session const& session, Manifest const& manifest) {
    if (!has_relative_times(*session.options)) return {};
    auto path = fixed_manifest_path(session, manifest);
    path.resize(path.size() - storage::uri_of(manifest.name).size());
    return path;
}

std::vector<HlsOrigin> origins_of(Session const& session, Manifest const& manifest,
                                  std::string const& suffix) {
    auto const origin = [&suffix](std::string name, std::string folder) {
        return HlsOrigin{.name = std::move(name),
                         .uri_of = [&suffix, folder = std::move(folder)](std::string_view id) {
                             return folder + storage::uri_of(id) + std::string(extension) + suffix;
                         }};
    };
    auto const& options = *session.options;
    auto const folder = folder_of(session, manifest) + std::string(hls_folder);
    std::vector<HlsOrigin> origins;
    for (std::size_t i = 0; i < options.traffic.size(); ++i)
        origins.push_back(origin(fmt::format("bu{}", i), fmt::format("{}bu{}/", folder, i)));
    if (options.base_urls.size() > 1)
        for (std::size_t i = 0; i < options.base_urls.size(); ++i)
            origins.push_back(origin(fmt::format("origin{}", i),
                                     origin_path(session, i) + std::string(hls_folder)));
    if (origins.empty()) origins.push_back(origin({}, folder));
    return origins;
}

Answer<HlsPlaylist> multivariant(Session const& session, Manifest const& manifest,
                                 std::string const& suffix) {
    auto const streams = hls_streams_of(*session.asset, manifest, *session.options);
    auto const playlist = multivariant_playlist_of(streams, origins_of(session, manifest, suffix));
    if (playlist.variants.empty())
        return Refusal{.status = 404, .detail = "nothing in this MPD can be played by HLS"};
    HlsPlaylist answer{.text = to_text(playlist), .valid_until = {}, .target_duration = {}};
    if (has_relative_times(*session.options)) answer.valid_until = publication_of(session).next;
    return answer;
}

/// Samples are encrypted with a key that anybody can have (RFC 8216bis §4.4.4.4: "identity"), so it
/// stands in the playlist itself.
std::vector<hls::MediaKey> keys_of(Session const& session, Track const& track) {
    if (!is_to_be_encrypted(session, track)) return {};
    auto const is_cbcs = session.options->encryption == Encryption::cbcs;
    return {{.format = "identity",
             .attributes =
                 fmt::format(R"(METHOD={},URI="data:text/plain;base64,{}",KEYFORMAT="identity")",
                             is_cbcs ? "SAMPLE-AES" : "SAMPLE-AES-CTR",
                             base64_of(key_of(key_id_of(*session.asset))))}};
}

/// With URIs that lead from the folder of the playlist `id` back to that of the asset's files.
std::optional<HlsTrack> find_track(Session const& session, std::string_view id) {
    std::string up;
    for (auto count = std::ranges::count(id, '/'); count > 0; --count)
        up += "../";
    auto const& asset = *session.asset;
    if (auto const text = find_timed_text(*session.options, id)) {
        auto const folder = up + storage::uri_of(id) + '/';
        return HlsTrack{.timescale = timed_text_timescale,
                        .initialisation = folder + std::string(timed_text_initialisation_name),
                        .media = fmt::format("{}$Number$.{}", folder, timed_text_extension),
                        .interval_of = [&asset](std::int64_t index) {
                            return timed_text_interval(asset, index);
                        }};
    }
    auto const found = asset.tracks.find(id);
    if (found == asset.tracks.end() || found->second->content == Content::image)
        return std::nullopt;
    auto const& track = *found->second;
    return HlsTrack{
        .timescale = track.timescale,
        .initialisation = up + storage::uri_of(track.initialisation),
        .media = up + uri_of_template(track.media),
        .interval_of = [&asset,
                        &track](std::int64_t index) { return interval_of(asset, track, index); },
        .keys = keys_of(session, track)};
}

/// As long as no segment is there.
Refusal too_early(HlsWindow const& window, DateTime now) {
    auto const by = window.valid_until ? *window.valid_until - now : milliseconds{0};
    return {.status = 425,
            .detail = fmt::format("too early by {} ms: there is no segment yet", by.count())};
}

Answer<HlsPlaylist> media_list(Session const& session, HlsTrack const& track,
                               std::string const& suffix) {
    if (has_relative_times(*session.options))
        return Refusal{.status = 400,
                       .detail = "startrel_ and stoprel_ are fixed by the playlist beside the MPD: "
                                 "take the links that it has"};
    auto const window = hls_window_of(session);
    auto const count = window.segments.end - window.segments.begin;
    if (count <= 0) return too_early(window, session.now);
    auto const lines = lines_of_the_head + count * lines_per_segment;
    if (lines > most_lines)
        return Refusal{.status = 400,
                       .detail = fmt::format("this list would have {} lines, and may have {}: a "
                                             "shorter tsbd_ makes it shorter",
                                             lines, most_lines)};
    auto const playlist = media_playlist_of(session, track, window.segments, suffix);
    return HlsPlaylist{.text = to_text(playlist),
                       .valid_until = window.valid_until,
                       .target_duration = playlist.target_duration};
}

} // namespace

bool is_hls_playlist(std::string_view path) noexcept {
    return path.ends_with(extension);
}

Answer<HlsPlaylist> hls_playlist_of(Session const& session, std::string_view path,
                                    std::string_view query) {
    if (!is_hls_playlist(path)) return unknown(path);
    if (auto const possible = check_hls_effects(session); !possible) return possible.error();
    auto const suffix = suffix_of(query);
    if (!path.starts_with(hls_folder)) {
        auto const* const manifest = manifest_beside(*session.asset, path);
        if (!manifest) return unknown(path);
        return multivariant(session, *manifest, suffix);
    }
    auto const place = placed_path_of(*session.options, path.substr(hls_folder.size()));
    if (!place) return place.error();
    auto name = place->path;
    name.remove_suffix(extension.size());
    auto const track = find_track(session, name);
    if (!track) return unknown(path);
    return media_list(session, *track, suffix);
}

} // namespace continuo::dashlive
