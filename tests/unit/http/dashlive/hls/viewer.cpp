#include "tests/unit/http/dashlive/hls/viewer.hpp"

#include "core/dash/element.hpp"
#include "core/hls/rules/verifier.hpp"
#include "core/mp4/media_time.hpp"
#include "http/dashlive/media/media_name.hpp"
#include "http/dashlive/media/timed_text.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <utility>

namespace continuo::test {
namespace {

using namespace dashlive;
using namespace std::chrono_literals;
using hls::rules::Fetch;
using hls::rules::Response;
using hls::rules::SegmentFacts;
using hls::rules::StreamKind;

std::shared_ptr<Track> track_of(std::string id, Content content) {
    auto track = std::make_shared<Track>();
    track->id = id;
    track->content = content;
    track->codecs = content == Content::video ? "avc1.64001e" : "mp4a.40.2";
    track->bandwidth_bps = 300'000;
    track->media = id + "/$Number$.m4s";
    track->initialisation = id + "/init.mp4";
    return track;
}

std::string_view id_in(std::string_view path) {
    path.remove_prefix(hls_folder.size());
    if (path.starts_with("bu")) path.remove_prefix(path.find('/') + 1);
    return path.substr(0, path.find(".m3u8"));
}

Response response(DateTime now, unsigned status, std::string body) {
    Response made;
    made.asked = now;
    made.at = now + 1ms;
    made.status = static_cast<int>(status);
    made.complete = true;
    made.http_version = "1.1";
    made.headers = {{"content-type", "application/vnd.apple.mpegurl"},
                    {"content-length", std::to_string(body.size())},
                    {"access-control-allow-origin", "*"}};
    made.body = std::move(body);
    return made;
}

} // namespace

AssetPtr hls_asset(HlsAssetSpec const& spec) {
    auto const pictures = track_of("V300", Content::video);
    pictures->timescale = spec.timescale;
    pictures->loop.emplace(spec.timescale, spec.durations);
    std::int64_t start = 0;
    for (auto const duration : spec.durations) {
        pictures->segments.push_back({.part = {.path = {}, .offset = 0, .bytes = 1000},
                                      .start = start,
                                      .duration = duration,
                                      .first_frame = 0});
        start += duration;
    }
    auto const sound = track_of("A48", Content::audio);
    sound->timescale = spec.sample_rate;
    sound->edit = spec.edit;
    sound->sound = Sound{.frame = spec.frame, .frames = {}};

    auto asset = std::make_shared<Asset>();
    asset->name = "asset";
    asset->reference = pictures;
    asset->tracks = {{pictures->id, pictures}, {sound->id, sound}};
    Manifest manifest;
    manifest.name = "Manifest.mpd";
    manifest.root = dash::parse_element(R"(<MPD><Period>
<AdaptationSet contentType="video" startWithSAP="1"><Representation id="V300" width="640" height="360"/></AdaptationSet>
<AdaptationSet contentType="audio" lang="en"><Representation id="A48"/></AdaptationSet>
</Period></MPD>)")
                        .value();
    asset->manifests.emplace(manifest.name, manifest);
    manifest.name = "other.mpd";
    asset->manifests.emplace(manifest.name, manifest);
    return asset;
}

HlsViewer::HlsViewer(std::string options, AssetPtr asset, Dialect dialect)
    : content_(options.empty() ? "asset/" : std::move(options) + "/asset/")
    , dialect_(dialect)
    , asset_(std::move(asset)) {}

Answer<Session> HlsViewer::session(DateTime now) const {
    auto parsed = parse_options(dialect_, content_);
    REQUIRE_MESSAGE(parsed.has_value(), content_);
    return Session::open(asset_, std::make_shared<Options const>(std::move(parsed->options)), now);
}

Answer<HlsPlaylist> HlsViewer::playlist(std::string_view path, DateTime now,
                                        std::string_view query) const {
    auto const open = session(now);
    if (!open) return open.error();
    return hls_playlist_of(*open, path, query);
}

hls::MediaPlaylist HlsViewer::list(std::string_view path, DateTime now) const {
    auto const answer = playlist(path, now);
    REQUIRE_MESSAGE(answer.has_value(), path);
    auto read = hls::parse_media_playlist(answer->text);
    REQUIRE_MESSAGE(read.has_value(), answer->text);
    return *std::move(read);
}

Answer<std::int64_t> HlsViewer::segment(std::string_view path, std::string const& uri,
                                        DateTime now) const {
    auto const open = session(now);
    if (!open) return open.error();
    auto const folder = path.substr(0, path.rfind('/') + 1).substr(hls_folder.size());
    auto name = std::string(folder) + uri;
    if (name.starts_with("bu")) name.erase(0, name.find('/') + 1);
    std::int64_t index{};
    if (track(path)) {
        auto const found = media_name_of(*open, name);
        if (!found) return found.error();
        if (found->first().id != id_in(path)) return Refusal{500, "another track: " + uri};
        index = found->index;
    } else {
        auto const number = std::stoll(name.substr(name.find('/') + 1));
        auto const is_time = open->options->addressing == Addressing::timeline_time;
        index = is_time ? timed_text_index_at(*asset_, number).value() : open->index_of(number);
    }
    if (auto const can = available(*open, index, Retention::hls); !can) return can.error();
    return Answer<std::int64_t>{boost::system::in_place_value, index};
}

Track const* HlsViewer::track(std::string_view path) const {
    auto const found = asset_->tracks.find(id_in(path));
    return found == asset_->tracks.end() ? nullptr : found->second.get();
}

Interval HlsViewer::interval_of(std::string_view path, std::int64_t index) const {
    auto const* const listed = track(path);
    return listed ? dashlive::interval_of(*asset_, *listed, index)
                  : timed_text_interval(*asset_, index);
}

std::vector<hls::rules::Finding> HlsViewer::verify(std::vector<std::string> const& paths,
                                                   DateTime begin,
                                                   std::chrono::seconds watched) const {
    constexpr auto interval = 500ms;
    hls::rules::Verifier verifier;
    auto const multivariant = playlist("manifest.m3u8", begin);
    REQUIRE(multivariant.has_value());
    (void)verifier.saw_multivariant("manifest.m3u8", response(begin, 200, multivariant->text));
    for (auto const& path : paths) {
        auto const* const listed = track(path);
        verifier.add_stream(path,
                            !listed                             ? StreamKind::subtitles
                            : listed->content == Content::video ? StreamKind::variant
                                                                : StreamKind::rendition,
                            path, listed ? "mp4a-1" : "wvtt");
    }
    auto const answer = [&](Fetch const& fetch, DateTime now) {
        auto const got = segment(paths[fetch.stream], fetch.uri, now);
        return got ? response(now, 200, fetch.uri) : response(now, got.error().status, {});
    };
    auto const facts_of = [&](Fetch const& fetch, DateTime now) -> Result<SegmentFacts> {
        auto const& path = paths[fetch.stream];
        auto const index = segment(path, fetch.uri, now);
        if (!index) return fail(Errc::not_found, index.error().detail);
        auto const* const listed = track(path);
        auto const timescale = listed ? listed->timescale : timed_text_timescale;
        auto const shown = interval_of(path, *index);
        SegmentFacts facts;
        facts.container = hls::rules::Container::fragmented_mp4;
        facts.starts_with_keyframe = true;
        facts.start = facts.begin = facts.decode_begin = mp4::ticks_of(shown.start, timescale);
        facts.span = facts.duration = facts.decode_duration =
            mp4::ticks_of(shown.end, timescale) - *facts.start;
        facts.frame = Ticks90k{3000};
        facts.timescale = timescale;
        facts.begin_units = shown.start;
        facts.duration_units = shown.end - shown.start;
        if (listed)
            (listed->content == Content::video ? facts.video_codecs : facts.audio_codecs) =
                listed->codecs;
        return facts;
    };
    for (auto now = begin; now < begin + watched; now += interval) {
        for (auto const& fetch : verifier.due_segments(now, /*everything=*/false))
            verifier.saw_segment_again(fetch, answer(fetch, now));
        for (std::size_t i = 0; i < paths.size(); ++i) {
            auto const got = playlist(paths[i], now);
            verifier.saw_playlist(i, got ? response(now, 200, got->text)
                                         : response(now, got.error().status, {}));
            for (auto const& fetch : verifier.new_segments(i)) {
                if (fetch.map) verifier.saw_map(fetch, response(now, 200, "ftyp"), Result<>());
                verifier.saw_segment(fetch, answer(fetch, now), facts_of(fetch, now));
            }
        }
    }
    auto const end = begin + watched;
    for (auto const& fetch : verifier.due_segments(end, /*everything=*/true))
        verifier.saw_segment_again(fetch, answer(fetch, end));
    verifier.finish(end);
    return verifier.take_findings();
}

} // namespace continuo::test
