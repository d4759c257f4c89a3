// Any bytes as the URL of a session and the time: from the path to the MPD, the playlist or the
// segment. No number is too large, no combination too strange: what can't be served is refused, and
// what is refused has a reason.
#include "core/dash/element.hpp"
#include "http/dashlive/asked.hpp"
#include "http/dashlive/faults.hpp"
#include "http/dashlive/hls/view.hpp"
#include "http/dashlive/media/compose.hpp"
#include "http/dashlive/media/media_name.hpp"
#include "http/dashlive/media/timed_text_name.hpp"
#include "http/dashlive/mpd/mpd.hpp"
#include "http/dashlive/request_clock.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

using namespace continuo;
using namespace continuo::dashlive;

constexpr std::string_view document = R"(<?xml version="1.0"?>
<MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" mediaPresentationDuration="PT8S"
  profiles="urn:mpeg:dash:profile:isoff-live:2011"><Period id="P0">
<AdaptationSet contentType="video" mimeType="video/mp4"><SegmentTemplate timescale="90000"
  duration="180000" startNumber="1" media="$RepresentationID$/$Number$.m4s"
  initialization="$RepresentationID$/init.mp4"/><Representation id="V" bandwidth="300000"
  codecs="avc1.64001e" width="640" height="360" frameRate="25"/></AdaptationSet>
<AdaptationSet contentType="audio" mimeType="audio/mp4"><SegmentTemplate timescale="48000"
  duration="96000" startNumber="1" media="$RepresentationID$/$Number$.m4s"
  initialization="$RepresentationID$/init.mp4"/><Representation id="A" bandwidth="48000"
  codecs="mp4a.40.2" audioSamplingRate="48000"/></AdaptationSet></Period></MPD>)";

constexpr std::int64_t segments = 4, seconds_each = 2;

std::shared_ptr<Track> track_of(std::string id, Content content, std::uint32_t timescale) {
    auto track = std::make_shared<Track>();
    track->media = id + "/$Number$.m4s";
    track->initialisation = id + "/init.mp4";
    track->extension = "m4s";
    track->content = content;
    track->timescale = timescale;
    track->track_id = 1;
    for (std::int64_t i = 0; i < segments; ++i)
        track->segments.push_back(
            {.part = {.path = id + "/" + std::to_string(i) + ".m4s", .offset = 0, .bytes = 1 << 16},
             .start = i * seconds_each * timescale,
             .duration = seconds_each * timescale});
    track->id = std::move(id);
    return track;
}

/// Pictures and sound without any file.
AssetPtr make_asset() {
    auto asset = std::make_shared<Asset>();
    asset->name = "a";
    asset->generation = 1;
    auto pictures = track_of("V", Content::video, 90000);
    pictures->media_type = "video/mp4";
    pictures->codecs = "avc1.64001e";
    pictures->loop.emplace(90000, std::vector<std::int64_t>(segments, seconds_each * 90000));
    auto sound = track_of("A", Content::audio, 48000);
    sound->media_type = "audio/mp4";
    sound->codecs = "mp4a.40.2";
    constexpr std::int64_t frame = 1024;
    constexpr std::uint32_t frames = 375;
    sound->sound.emplace(Sound{.frame = frame, .frames = {}});
    for (std::uint32_t i = 0; i < frames; ++i)
        sound->sound->frames.push_back({.segment = i * std::uint32_t{segments} / frames,
                                        .bytes = 100,
                                        .offset = 1000 + 100 * i});
    asset->reference = pictures;
    asset->tracks.emplace("V", std::move(pictures));
    asset->tracks.emplace("A", std::move(sound));
    Manifest manifest;
    manifest.name = "m.mpd";
    manifest.root = *dash::parse_element(document);
    asset->manifests.emplace("m.mpd", std::move(manifest));
    return asset;
}

AssetShelf const& shelf() {
    static AssetShelf const made = [] {
        AssetShelf shelf{.is_complete = true, .allows_clock = true, .root = "/"};
        auto view = std::make_shared<AssetView>();
        view->is_read = true;
        view->asset = make_asset();
        shelf.assets.emplace("a", std::move(view));
        return shelf;
    }();
    return made;
}

void require(bool holds) {
    if (!holds) std::abort();
}

void check(Refusal const& why) {
    constexpr std::array known{400u, 404u, 410u, 425u};
    require(std::ranges::find(known, why.status) != known.end());
    require(!why.detail.empty());
}

/// More than any answer about an asset of this size needs.
constexpr std::size_t longest_text = 4 << 20;

void check_manifest(Session const& session, std::string const& path, std::string_view query) {
    auto const& manifests = session.asset->manifests;
    auto const found = manifests.find(path);
    if (found == manifests.end()) return;
    MpdRequest const wanted{.base = "http://h", .query = std::string(query), .period = {}};
    auto const mpd = mpd_of(session, found->second, wanted);
    if (!mpd) return check(mpd.error());
    require(mpd->text.size() < longest_text);
    require(dash::parse_element(mpd->text).has_value());
    require(!mpd->valid_until || *mpd->valid_until > session.now);
}

void check_media(Session const& session, std::string_view path) {
    auto const origin = origin_of(*session.options, path, session.now);
    if (!origin) return check(origin.error());
    auto const text = timed_text_name_of(session, origin->path);
    if (!text) return check(text.error());
    if (*text) {
        if ((*text)->index && available(session, *(*text)->index))
            require(timed_text_segment(session, (*text)->text, *(*text)->index).size() <
                    longest_text);
        return;
    }
    auto const name = media_name_of(session, origin->path);
    if (!name) return check(name.error());
    if (name->kind == MediaName::Kind::segment) {
        if (auto const there = available(session, name->index); !there) return check(there.error());
        (void)status_fault(*session.asset, *session.options, name->first().id, name->index);
    }
    if (!ingredients_of(session, *name).empty()) return; // there are no files
    auto const composed = compose(session, *name, {});
    if (!composed) return check(composed.error());
    require(composed->size_bytes() < longest_text);
}

} // namespace

/// A line such as "2segtimeline_1/a/m.mpd": the dialect and what is behind it; then the query.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    std::string_view const input(reinterpret_cast<char const*>(data), size);
    if (input.empty()) return 0;
    auto const dialect = input.front() == '1' ? Dialect::livesim1 : Dialect::livesim2;
    auto const end = std::min(input.find('\n'), input.size());
    auto const path = input.substr(1, end - 1);
    auto const query = input.substr(std::min(end + 1, input.size()));

    auto const time = time_of(query, DateTime{milliseconds{1'800'000'000'000}});
    if (!time) {
        check(time.error());
        return 0;
    }
    auto const asked = asked_for(shelf(), dialect, path, time->now);
    if (!asked) {
        check(asked.error());
        return 0;
    }
    (void)check_query(*asked->session.options, query);
    if (is_hls_playlist(asked->path)) {
        auto const playlist = hls_playlist_of(asked->session, asked->path, query);
        if (!playlist)
            check(playlist.error());
        else
            require(playlist->text.size() < longest_text);
    } else if (asked->path.ends_with(".mpd")) {
        check_manifest(asked->session, asked->path, query);
    } else {
        check_media(asked->session, asked->path);
    }
    return 0;
}
