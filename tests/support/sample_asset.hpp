// Assets put together in tests, of which only durations matter.
#pragma once

#include "http/pseudolive/asset.hpp"
#include "http/pseudolive/stream.hpp"

#include <memory>
#include <string>
#include <vector>

namespace continuo::test {

inline pseudolive::Track sample_track(std::string id, std::vector<Ticks90k> const& durations,
                                      bool with_map = false) {
    pseudolive::Track track;
    track.id = std::move(id);
    for (std::size_t i = 0; i < durations.size(); ++i) {
        hls::MediaSegment segment;
        segment.uri = track.id + '/' + std::to_string(i) + ".ts";
        segment.duration = durations[i];
        if (with_map) segment.map = hls::MediaMap{.uri = track.id + "/init.mp4", .byte_range = {}};
        track.segments.push_back(segment);
    }
    track.lap = std::make_shared<timeline::Lap const>(durations, std::vector<std::size_t>{});
    return track;
}

struct SampleVariant {
    std::string id;
    std::uint64_t bandwidth_bps{};
};

/// Of variants that are cut alike; its fingerprint is `name`.
inline std::shared_ptr<pseudolive::Asset> sample_asset(std::string name,
                                                       std::vector<Ticks90k> const& durations,
                                                       std::vector<SampleVariant> const& variants,
                                                       bool with_map = false) {
    auto asset = std::make_shared<pseudolive::Asset>();
    asset->fingerprint = std::move(name);
    asset->target_duration = std::chrono::seconds{10};
    for (auto const& [id, bandwidth] : variants) {
        hls::VariantStream variant;
        variant.uri = id;
        variant.bandwidth_bps = bandwidth;
        asset->master.variants.push_back(variant);
        asset->tracks.push_back(sample_track(id, durations, with_map));
    }
    return asset;
}

/// A rendition of `type` in the group "g".
inline void add_rendition(pseudolive::Asset& asset, std::string const& type, std::string const& id,
                          std::string const& language, bool with_map = false) {
    hls::Rendition rendition;
    rendition.type = type;
    rendition.group_id = "g";
    rendition.name = id;
    rendition.language = language;
    rendition.uri = id;
    asset.master.renditions.push_back(rendition);
    for (auto& variant : asset.master.variants)
        (type == "AUDIO" ? variant.audio : variant.subtitles) = "g";
    std::vector<Ticks90k> durations;
    for (auto const& segment : asset.tracks.front().segments)
        durations.push_back(segment.duration);
    asset.tracks.push_back(sample_track(id, durations, with_map));
}

} // namespace continuo::test
