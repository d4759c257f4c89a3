#include "core/dash/element.hpp"
#include "core/hls/multivariant_playlist.hpp"
#include "http/dashlive/hls/multivariant.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <memory>
#include <string>

namespace multivariant_test {

using namespace continuo;
using namespace continuo::dashlive;

/// An asset whose tracks are those of `period` (what is inside of the only Period of its MPD).
struct Sample {
    Asset asset;
    Manifest manifest;
    Options options;

    explicit Sample(std::string const& period) {
        manifest.name = "Manifest.mpd";
        manifest.root = dash::parse_element("<MPD><Period>" + period + "</Period></MPD>").value();
        for (auto const& set : manifest.root.find_child("Period")->children)
            for (auto const& child : set.children)
                if (child.name == "Representation") add_track(set, child);
    }

    HlsStreams streams() const { return hls_streams_of(asset, manifest, options); }
    hls::MultivariantPlaylist playlist() const {
        return multivariant_playlist_of(
            streams(), {{.name = {}, .uri_of = [](auto id) { return std::string(id); }}});
    }

private:
    void add_track(dash::Element const& set, dash::Element const& representation) {
        auto const text = [&](char const* name) {
            auto const* own = representation.find_attribute(name);
            if (!own) own = set.find_attribute(name);
            return own ? *own : std::string();
        };
        auto track = std::make_shared<Track>();
        track->id = text("id");
        track->codecs = text("codecs");
        track->bandwidth_bps = std::stoull(text("bandwidth"));
        track->timescale = 1000;
        auto const type = text("contentType");
        track->content = type == "video"   ? Content::video
                         : type == "audio" ? Content::audio
                         : type == "text"  ? Content::text
                                           : Content::image;
        // One segment of twice the mean, one of nothing much.
        auto const bytes = track->bandwidth_bps / 8 * 2;
        track->segments = {{.part = {.path = {}, .offset = 0, .bytes = bytes * 2},
                            .start = 0,
                            .duration = 2000,
                            .first_frame = 0},
                           {.part = {.path = {}, .offset = 0, .bytes = 0},
                            .start = 2000,
                            .duration = 2000,
                            .first_frame = 0}};
        track->loop.emplace(1000, std::vector<std::int64_t>{2000, 2000});
        if (!asset.reference || type == "video") asset.reference = track;
        asset.tracks[track->id] = track;
    }
};

std::string const pictures = R"(
<AdaptationSet contentType="video" startWithSAP="1" frameRate="30000/1001">
  <Representation id="V300" codecs="avc1.64001e" bandwidth="300000" width="640" height="360"/>
  <Representation id="V900" codecs="avc1.64001f" bandwidth="900000" width="1280" height="720"/>
</AdaptationSet>)";

std::string const sound = R"(
<AdaptationSet contentType="audio" lang="en">
  <Role schemeIdUri="urn:mpeg:dash:role:2011" value="main"/>
  <Representation id="A48" codecs="mp4a.40.2" bandwidth="48000">
    <AudioChannelConfiguration schemeIdUri="urn:mpeg:dash:23003:3:audio_channel_configuration:2011" value="2"/>
  </Representation>
</AdaptationSet>)";

auto ids_of(std::vector<HlsStream> const& streams) {
    std::vector<std::string> ids;
    for (auto const& stream : streams)
        ids.push_back(stream.id);
    return ids;
}
using Ids = std::vector<std::string>;

TEST_CASE("each video Representation is a variant, with what the MPD says of it") {
    auto const playlist = Sample(pictures).playlist();
    REQUIRE(playlist.variants.size() == 2);
    auto const& low = playlist.variants[0];
    CHECK(low.uri == "V300");
    CHECK(low.codecs == "avc1.64001e");
    CHECK(low.width == 640);
    CHECK(low.height == 360);
    CHECK(low.frame_rate == doctest::Approx(29.97).epsilon(0.0001));
    CHECK(low.closed_captions == "NONE");
    CHECK(low.audio.empty());
    CHECK(playlist.variants[1].uri == "V900");
    CHECK(playlist.independent_segments);
    CHECK(playlist.version == 6);
}

TEST_CASE("BANDWIDTH is no less than the peak on disk, whatever the MPD says") {
    auto const playlist = Sample(pictures).playlist();
    CHECK(playlist.variants[0].bandwidth_bps == 660'000);
    CHECK(playlist.variants[0].average_bandwidth_bps == 300'000);
}

TEST_CASE("sound is a group that every variant names and counts in") {
    auto const playlist = Sample(pictures + sound).playlist();
    REQUIRE(playlist.renditions.size() == 1);
    auto const& rendition = playlist.renditions[0];
    CHECK(rendition.type == "AUDIO");
    CHECK(rendition.group_id == "mp4a-1");
    CHECK(rendition.uri == "A48");
    CHECK(rendition.name == "en");
    CHECK(rendition.language == "en");
    CHECK(rendition.channels == "2");
    CHECK(rendition.is_default);
    CHECK(rendition.autoselect);
    for (auto const& variant : playlist.variants) {
        CHECK(variant.audio == "mp4a-1");
        CHECK(variant.codecs.ends_with(",mp4a.40.2"));
    }
    CHECK(playlist.variants[0].bandwidth_bps == 660'000 + 105'600);
}

TEST_CASE("sets of sound are joined by codec and rank, and the main one is the default") {
    auto const streams = Sample(R"(
<AdaptationSet contentType="audio" lang="sv">
  <Representation id="sv-low" codecs="mp4a.40.2" bandwidth="48000"/>
</AdaptationSet>
<AdaptationSet contentType="audio" lang="en">
  <Role schemeIdUri="urn:mpeg:dash:role:2011" value="main"/>
  <Label>Director "says"</Label>
  <Representation id="en-high" codecs="mp4a.40.2" bandwidth="128000"/>
  <Representation id="en-low" codecs="mp4a.40.5" bandwidth="48000"/>
</AdaptationSet>
<AdaptationSet contentType="audio" lang="en">
  <Representation id="surround" codecs="ac-3" bandwidth="384000"/>
</AdaptationSet>)" + pictures)
                             .streams();
    REQUIRE(streams.sound.size() == 3);
    CHECK(streams.sound[0].id == "mp4a-1");
    CHECK(ids_of(streams.sound[0].members) == Ids{"sv-low", "en-low"});
    CHECK(streams.sound[0].members[1].name == "Director 'says'");
    CHECK(ids_of(streams.sound[1].members) == Ids{"sv-low", "en-high"});
    CHECK(streams.sound[2].id == "ac-3-1");

    auto const playlist = multivariant_playlist_of(
        streams, {{.name = {}, .uri_of = [](auto id) { return std::string(id); }}});
    CHECK(playlist.variants.size() == 6);
    auto const defaults = std::ranges::count_if(playlist.renditions, &hls::Rendition::is_default);
    CHECK(defaults == 3);
    CHECK(playlist.renditions[1].is_default);
    CHECK_FALSE(playlist.renditions[0].is_default);
}

TEST_CASE("names are unique in their group, and never empty") {
    auto const streams = Sample(R"(
<AdaptationSet contentType="audio" lang="und"><Representation id="a" codecs="mp4a.40.2" bandwidth="48000"/></AdaptationSet>
<AdaptationSet contentType="audio"><Representation id="b" codecs="mp4a.40.2" bandwidth="48000"/></AdaptationSet>)")
                             .streams();
    REQUIRE(streams.sound.size() == 1);
    CHECK(streams.sound[0].members[0].name == "Sound");
    CHECK(streams.sound[0].members[1].name == "Sound 2");
    CHECK(streams.sound[0].members[0].language.empty());
}

TEST_CASE("without pictures the sound itself is the variant") {
    auto const playlist = Sample(sound).playlist();
    CHECK(playlist.renditions.empty());
    REQUIRE(playlist.variants.size() == 1);
    CHECK(playlist.variants[0].uri == "A48");
    CHECK(playlist.variants[0].codecs == "mp4a.40.2");
    CHECK(playlist.variants[0].bandwidth_bps == 105'600);
    CHECK(playlist.variants[0].audio.empty());
}

TEST_CASE("subtitles: those of the asset and those we make up, a group for each codec") {
    Sample sample(pictures + R"(
<AdaptationSet contentType="text" lang="sv"><Representation id="imsc1" codecs="stpp" bandwidth="10000"/></AdaptationSet>)");
    sample.options.stpp_languages = {"en"};
    sample.options.wvtt_languages = {"en"};
    auto const playlist = sample.playlist();
    REQUIRE(playlist.renditions.size() == 3);
    CHECK(playlist.renditions[0].type == "SUBTITLES");
    CHECK(playlist.renditions[0].group_id == "stpp.ttml.im1t");
    CHECK(playlist.renditions[0].uri == "imsc1");
    CHECK(playlist.renditions[1].uri == "timestpp-en");
    CHECK(playlist.renditions[2].group_id == "wvtt");
    CHECK_FALSE(playlist.renditions[0].is_default);
    REQUIRE(playlist.variants.size() == 4);
    CHECK(playlist.variants[0].subtitles == "stpp.ttml.im1t");
    CHECK(playlist.variants[0].codecs == "avc1.64001e,stpp.ttml.im1t");
    CHECK(playlist.variants[2].subtitles == "wvtt");
}

TEST_CASE("captions in the pictures are named by their channel") {
    auto const with = [](char const* value) {
        return Sample(std::string(R"(
<AdaptationSet contentType="video">
  <Accessibility schemeIdUri="urn:scte:dash:cc:cea-608:2015" value=")") +
                      value + R"("/>
  <Representation id="V" codecs="avc1.64001e" bandwidth="300000"/>
</AdaptationSet>)")
            .playlist();
    };
    auto const playlist = with("CC1=eng;CC3=swe");
    REQUIRE(playlist.renditions.size() == 2);
    CHECK(playlist.renditions[1].type == "CLOSED-CAPTIONS");
    CHECK(playlist.renditions[1].instream_id == "CC3");
    CHECK(playlist.renditions[1].language == "swe");
    CHECK_FALSE(playlist.renditions[1].uri);
    CHECK(playlist.variants[0].closed_captions == playlist.renditions[0].group_id);
    CHECK_FALSE(playlist.independent_segments);

    auto const unnamed = with("eng;swe");
    CHECK(unnamed.renditions[1].instream_id == "CC2");
}

TEST_CASE("images and trick modes are left out") {
    auto const streams = Sample(pictures + R"(
<AdaptationSet contentType="image"><Representation id="thumbs" bandwidth="1000"/></AdaptationSet>
<AdaptationSet contentType="video">
  <EssentialProperty schemeIdUri="http://dashif.org/guidelines/trickmode" value="1"/>
  <Representation id="trick" codecs="avc1.64001e" bandwidth="30000"/>
</AdaptationSet>)")
                             .streams();
    CHECK(ids_of(streams.pictures) == Ids{"V300", "V900"});
    CHECK(streams.sound.empty());
}

TEST_CASE("other origins follow, each with groups of its own") {
    auto const origin = [](std::string name) {
        return HlsOrigin{.name = name,
                         .uri_of = [name](auto id) { return name + '/' + std::string(id); }};
    };
    auto const playlist = multivariant_playlist_of(Sample(pictures + sound).streams(),
                                                   {origin("bu0"), origin("bu1")});
    REQUIRE(playlist.variants.size() == 4);
    CHECK(playlist.variants[0].uri == "bu0/V300");
    CHECK(playlist.variants[0].audio == "mp4a-1-bu0");
    CHECK(playlist.variants[2].uri == "bu1/V300");
    CHECK(playlist.variants[2].audio == "mp4a-1-bu1");
    CHECK(playlist.renditions[1].uri == "bu1/A48");
    auto const again = hls::parse_multivariant_playlist(to_text(playlist));
    REQUIRE(again.has_value());
    CHECK(again->variants.size() == 4);
}

} // namespace multivariant_test
