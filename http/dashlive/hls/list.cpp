#include "http/dashlive/hls/list.hpp"

#include "core/dash/segment_template.hpp"
#include "core/mp4/media_time.hpp"
#include "http/dashlive/hls/breaks.hpp"

#include <algorithm>
#include <utility>

namespace continuo::dashlive {
namespace {

using std::chrono::microseconds;
using std::chrono::seconds;

constexpr int list_version = 6; // EXT-X-MAP in lists of whole segments (RFC 8216 §7)

/// Segments that are served while they are made are no segments of HLS yet: a list holds what can
/// be had at once, as a whole.
Session with_whole_segments(Session session) {
    if (session.options->chunk_duration || session.options->is_ahead_for_ever)
        session.ahead = milliseconds{0};
    return session;
}

milliseconds end_of(timeline::SegmentLoop const& pictures, std::int64_t index) {
    return milliseconds{
        timeline::rescaled_up({pictures.place_of(index).end, pictures.timescale()}, 1000)};
}

/// By how much a stretch of sound may be longer, or shorter, than its pictures.
Ticks90k longest_frame(Asset const& asset) {
    Ticks90k longest{0};
    for (auto const& [id, track] : asset.tracks)
        if (track->sound)
            longest = std::max(longest, mp4::ticks_of(track->sound->frame, track->timescale));
    return longest;
}

std::string segment_uri(Session const& session, HlsTrack const& track, std::int64_t index,
                        Interval const& segment) {
    auto const has_time = session.options->addressing == Addressing::timeline_time;
    auto const value =
        static_cast<std::uint64_t>(has_time ? segment.start : session.number_of(index));
    // Whichever of the two the asset's own MPD has.
    auto uri = dash::expanded(
        track.media, {.representation_id = {}, .bandwidth_bps = 0, .number = value, .time = value});
    return uri ? *std::move(uri) : std::string(); // the asset's templates were all expanded before
}

} // namespace

HlsWindow hls_window_of(Session const& session) {
    auto const whole = with_whole_segments(session);
    auto const& pictures = session.asset->pictures();
    auto const listed_now = listed(whole);
    HlsWindow window{.segments = listed_now, .valid_until = {}};
    if (listed_now.begin < listed_now.end) {
        auto const least = 3 * hls_target_duration(*session.asset) +
                           std::chrono::ceil<milliseconds>(longest_frame(*session.asset));
        auto const long_enough = pictures.ended_by(end_of(pictures, listed_now.end - 1) - least);
        window.segments.begin =
            std::max(std::min(listed_now.begin, long_enough), session.first_index);
    }
    auto const change_at = [&](std::optional<DateTime> instant) {
        if (instant && (!window.valid_until || *instant < *window.valid_until))
            window.valid_until = instant;
    };
    // The start and the end of a session may move.
    change_at(publication_of(session).next);
    if (!session.is_over) change_at(whole.available_at(listed_now.end));
    return window;
}

std::chrono::seconds hls_target_duration(Asset const& asset) {
    auto const longest_of = [](timeline::SegmentLoop const& loop) {
        return mp4::ticks_of(loop.longest(), loop.timescale());
    };
    auto longest = longest_of(asset.pictures());
    for (auto const& [id, track] : asset.tracks)
        if (track->content != Content::image && track->loop)
            longest = std::max(longest, longest_of(*track->loop));
    // RFC 8216 §4.3.3.1 rounds EXTINF; half a second goes up.
    auto const rounded = longest + longest_frame(asset) + std::chrono::milliseconds{500};
    return std::max(std::chrono::floor<seconds>(rounded), seconds{1});
}

hls::MediaPlaylist media_playlist_of(Session const& session, HlsTrack const& track,
                                     timeline::IndexRange segments, std::string_view uri_suffix) {
    auto const with_suffix = [&](std::string uri) { return std::move(uri).append(uri_suffix); };
    hls::MediaPlaylist playlist;
    playlist.version = list_version;
    playlist.target_duration = hls_target_duration(*session.asset);
    playlist.media_sequence = static_cast<std::uint64_t>(session.number_of(segments.begin));
    playlist.ended = session.is_over;
    playlist.segments.reserve(static_cast<std::size_t>(segments.end - segments.begin));
    HlsBreaks const breaks(session);
    playlist.discontinuity_sequence = breaks.discontinuities_before(segments.begin);
    for (auto index = segments.begin; index < segments.end; ++index) {
        auto const interval = track.interval_of(index);
        auto const start = mp4::ticks_of(interval.start, track.timescale);
        hls::MediaSegment segment;
        segment.uri = with_suffix(segment_uri(session, track, index, interval));
        segment.duration = mp4::ticks_of(interval.end, track.timescale) - start;
        segment.discontinuity = breaks.is_discontinuity(index);
        segment.program_date_time = session.epoch + std::chrono::floor<microseconds>(start);
        segment.keys = track.keys;
        segment.map = hls::MediaMap{.uri = with_suffix(track.initialisation), .byte_range = {}};
        segment.extra_tags = breaks.tags(index, /*is_first=*/index == segments.begin);
        playlist.segments.push_back(std::move(segment));
    }
    return playlist;
}

} // namespace continuo::dashlive
