#include "http/live/render.hpp"

#include "core/hls/cue_tags.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace continuo::live {
namespace {

constexpr std::size_t patience_segments = 3;

/// BANDWIDTH is an upper bound (RFC 8216 §4.3.4.2), but what was measured is only the peak so far:
/// even a source of constant rate has segments a percent above it later on.
constexpr std::uint64_t with_headroom(std::uint64_t peak_bps) {
    return peak_bps + peak_bps / 10;
}

hls::MediaSegment media_segment(contract::TimelineSegment const& segment, std::string uri) {
    hls::MediaSegment listed;
    listed.uri = std::move(uri);
    listed.duration = segment.duration;
    listed.discontinuity = segment.discontinuity;
    listed.program_date_time = segment.date;
    return listed;
}

bool is_measured(contract::VariantFacts const& variant) {
    return variant.bandwidth_bps > 0 && !variant.codecs.empty();
}

hls::VariantStream variant_stream(contract::VariantFacts const& variant, std::string uri) {
    hls::VariantStream stream;
    stream.uri = std::move(uri);
    stream.bandwidth_bps = with_headroom(variant.bandwidth_bps);
    stream.average_bandwidth_bps = variant.average_bandwidth_bps;
    stream.codecs = variant.codecs;
    stream.width = variant.width;
    stream.height = variant.height;
    stream.frame_rate = variant.frame_rate;
    return stream;
}

/// A variant is announced with the widest of the renditions that it may be played with.
void add_renditions(hls::VariantStream& stream, contract::VariantFacts const& variant,
                    std::vector<contract::VariantFacts> const& all) {
    contract::VariantFacts const* widest = nullptr;
    for (auto const& other : all)
        if (other.rendition && other.rendition->group_id == variant.audio_group &&
            is_measured(other) && (!widest || widest->bandwidth_bps < other.bandwidth_bps))
            widest = &other;
    if (!widest) return;
    stream.audio = variant.audio_group;
    stream.bandwidth_bps += with_headroom(widest->bandwidth_bps);
    stream.average_bandwidth_bps += widest->average_bandwidth_bps;
    if (stream.codecs.find(widest->codecs) == std::string::npos)
        stream.codecs += ',' + widest->codecs;
}

/// The group of the renditions that are texts; empty where there are none.
std::string subtitles_of(std::vector<contract::VariantFacts> const& all) {
    auto const text = std::ranges::find_if(all, [](auto const& variant) {
        return variant.rendition && variant.rendition->type == "SUBTITLES";
    });
    return text == all.end() ? std::string{} : text->rendition->group_id;
}

} // namespace

std::optional<hls::MediaPlaylist> media_playlist(contract::ChannelSnapshot const& snapshot,
                                                 std::size_t variant) {
    return media_playlist(snapshot, variant, [&](contract::SegmentPath const& path) {
        return contract::uri_in(snapshot.variants[variant].name, path);
    });
}

std::optional<hls::MediaPlaylist> media_playlist(contract::ChannelSnapshot const& snapshot,
                                                 std::size_t variant, SegmentUri const& uri_of) {
    auto const window = contract::window_of(snapshot, variant);
    if (window.first == window.last) return std::nullopt;
    hls::MediaPlaylist playlist;
    playlist.target_duration = snapshot.target_duration;
    playlist.media_sequence = snapshot.segments[window.first].number;
    playlist.discontinuity_sequence = window.discontinuity_sequence;
    playlist.ended = snapshot.ended;
    hls::CueTags const tags{.styles = snapshot.cue_styles,
                            .interstitial_uri = snapshot.interstitial_uri};
    for (auto index = window.first; index < window.last; ++index) {
        auto const& segment = snapshot.segments[index];
        auto const path = contract::parse_segment_path(segment.files[variant]);
        if (!path)
            return std::nullopt; // a path that has no URL: nothing after it can be listed either
        playlist.segments.push_back(media_segment(segment, uri_of(*path)));
        playlist.segments.back().extra_tags =
            index == window.first ? tags.first_lines(segment.breaks) : tags.lines(segment.breaks);
    }
    return playlist;
}

std::optional<hls::MultivariantPlaylist>
multivariant_playlist(contract::ChannelSnapshot const& snapshot) {
    return multivariant_playlist(snapshot, [&](std::size_t variant) {
        return snapshot.variants[variant].name + "/index.m3u8";
    });
}

std::optional<hls::MultivariantPlaylist>
multivariant_playlist(contract::ChannelSnapshot const& snapshot, PlaylistUri const& uri_of) {
    bool const is_complete =
        std::all_of(snapshot.variants.begin(), snapshot.variants.end(), is_measured);
    if (!is_complete && snapshot.segments.size() < patience_segments) return std::nullopt;
    hls::MultivariantPlaylist playlist;
    playlist.independent_segments =
        std::ranges::all_of(snapshot.variants, &contract::VariantFacts::independent_segments);
    for (std::size_t index = 0; index < snapshot.variants.size(); ++index) {
        auto const& variant = snapshot.variants[index];
        if (!is_measured(variant)) continue;
        if (variant.rendition) {
            playlist.renditions.push_back(*variant.rendition);
            playlist.renditions.back().uri = uri_of(index);
            continue;
        }
        playlist.variants.push_back(variant_stream(variant, uri_of(index)));
        add_renditions(playlist.variants.back(), variant, snapshot.variants);
        playlist.variants.back().subtitles = subtitles_of(snapshot.variants);
    }
    if (playlist.variants.empty()) return std::nullopt;
    return playlist;
}

std::chrono::seconds segment_lifetime(contract::ChannelSnapshot const& snapshot) noexcept {
    return (std::max(snapshot.window, 3u) + 1) * snapshot.target_duration;
}

} // namespace continuo::live
