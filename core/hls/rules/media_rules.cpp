#include "core/hls/rules/media_rules.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace continuo::hls::rules {
namespace {

constexpr Ticks90k duration_tolerance{90 + 1}; // 1 ms, and a tick for the rounding of decimals
constexpr Ticks90k whole_second_tolerance{45'000};
/// Open GOPs and lost frames leave small gaps between segments; a larger one is a jump.
constexpr Ticks90k jump{90'000};

Ticks90k magnitude(Ticks90k time) noexcept {
    return time < Ticks90k::zero() ? -time : time;
}

Ticks90k tolerance_of(int version) noexcept {
    return version < 3 ? whole_second_tolerance : duration_tolerance;
}

bool times_known(MeasuredSegment const& segment) noexcept {
    return segment.facts->start && segment.facts->span > Ticks90k::zero();
}

/// A tick, or a unit of the track's own clock where that is coarser.
Ticks90k rounding_of(SegmentFacts const& facts) noexcept {
    return Ticks90k(1 + Ticks90k::period::den / facts.timescale);
}

/// Players append fragments by their decode time: a gap is a hole in their buffer.
void check_decode_times(Remarks& remarks, MeasuredSegment const& segment,
                        MeasuredSegment const& next) {
    auto const& facts = *segment.facts;
    if (!facts.decode_begin || !next.facts->decode_begin) return;
    auto const off = *next.facts->decode_begin - (*facts.decode_begin + facts.decode_duration);
    if (magnitude(off) <= duration_tolerance + rounding_of(facts)) return;
    broken(remarks, 23,
           fmt::format("segment {} begins at a decode time {:+.1f} ms off the end of segment {}",
                       next.number, 1000 * seconds_of(off), segment.number));
}

Remark wrong_duration(MeasuredSegment const& segment, Ticks90k real) {
    return {4, Weight::broken,
            fmt::format("EXTINF of segment {} is {:.6f}, its media lasts {:.6f} s ({:+.1f} ms)",
                        segment.number, seconds_of(segment.listed->duration), seconds_of(real),
                        1000 * seconds_of(segment.listed->duration - real))};
}

bool fits_own_pictures(MeasuredSegment const& segment, int version) noexcept {
    auto const off = magnitude(segment.listed->duration - segment.facts->span);
    return off <= std::max(frame_of(*segment.facts), tolerance_of(version));
}

/// Whether both files come from encoders set alike; unknown parameters are like any.
bool same_parameters(SegmentFacts const& a, SegmentFacts const& b) noexcept {
    auto const alike = [](std::string const& x, std::string const& y) {
        return x.empty() || y.empty() || x == y;
    };
    return alike(a.video_codecs, b.video_codecs) && alike(a.audio_codecs, b.audio_codecs) &&
           (a.width == 0 || b.width == 0 || (a.width == b.width && a.height == b.height));
}

bool jumps(MeasuredSegment const& segment, MeasuredSegment const& next) noexcept {
    auto const to_next = elapsed(*segment.facts->start, *next.facts->start);
    return magnitude(to_next - segment.facts->span) > jump;
}

/// Whether the second continues the first one's time.
bool joined(MeasuredSegment const& segment, MeasuredSegment const& next) noexcept {
    return next.number == segment.number + 1 && !next.listed->discontinuity &&
           times_known(segment) && next.facts->start && !jumps(segment, next);
}

} // namespace

Remarks check_map(MediaMap const& map, Response const& response, Result<> const& checked) {
    Remarks remarks;
    if (!response.ok())
        broken(
            remarks, 7,
            fmt::format("EXT-X-MAP {} is listed and answered {}", map.uri, outcome_of(response)));
    else if (!checked)
        broken(remarks, 4,
               fmt::format("EXT-X-MAP {} is no initialisation section: {}", map.uri,
                           to_text(checked.error())));
    return remarks;
}

Remarks check_contents(MeasuredSegment const& segment, bool independent_segments) {
    Remarks remarks;
    auto const complain = [&](std::string_view what) {
        broken(remarks, 4,
               fmt::format("segment {} ({}) {}", segment.number, segment.listed->uri, what));
    };
    auto const& facts = *segment.facts;
    if (facts.container == Container::transport_stream) {
        if (!facts.starts_with_tables) complain("does not begin with PAT and PMT");
        if (facts.programs > 1) complain(fmt::format("holds {} programs", facts.programs));
    }
    if (facts.container == Container::fragmented_mp4 && !segment.listed->map)
        complain("is fragmented MP4 without EXT-X-MAP");
    if (independent_segments && facts.starts_with_keyframe == false)
        complain("does not begin with a keyframe, and INDEPENDENT-SEGMENTS promises one");
    return remarks;
}

Remarks check_neighbours(MeasuredSegment const& segment, MeasuredSegment const& next, int version) {
    Remarks remarks;
    if (!times_known(segment) || !next.facts->start) return remarks;
    auto const to_next = elapsed(*segment.facts->start, *next.facts->start);
    bool const fits_next = magnitude(segment.listed->duration - to_next) <= tolerance_of(version);
    if (next.listed->discontinuity) {
        // The seam may be exact, or the time a new one: the duration has to fit one of the two.
        if (!fits_next && !fits_own_pictures(segment, version))
            remarks.push_back(wrong_duration(segment, segment.facts->span));
        return remarks;
    }
    if (jumps(segment, next)) {
        remarks.push_back(
            {23, Weight::broken,
             fmt::format("time jumps by {:+.3f} s from segment {} to {} without a DISCONTINUITY",
                         seconds_of(to_next - segment.facts->span), segment.number, next.number)});
        return remarks;
    }
    if (!same_parameters(*segment.facts, *next.facts))
        remarks.push_back(
            {23, Weight::advice,
             fmt::format("codec or size changes from segment {} to {} without a DISCONTINUITY",
                         segment.number, next.number)});
    if (!fits_next) remarks.push_back(wrong_duration(segment, to_next));
    check_decode_times(remarks, segment, next);
    return remarks;
}

Remarks check_last(MeasuredSegment const& segment, int version) {
    if (!times_known(segment) || fits_own_pictures(segment, version)) return {};
    return {wrong_duration(segment, segment.facts->span)};
}

Remarks check_sums(std::vector<MeasuredSegment> const& segments, int version) {
    Remarks remarks;
    if (version < 3) return remarks;
    Ticks90k drift{};
    for (std::size_t i = 0; i + 1 < segments.size(); ++i) {
        auto const& segment = segments[i];
        auto const& next = segments[i + 1];
        if (!joined(segment, next)) {
            drift = {};
            continue;
        }
        drift += segment.listed->duration - elapsed(*segment.facts->start, *next.facts->start);
        if (magnitude(drift) <= frame_of(*segment.facts)) continue;
        remarks.push_back(
            {4, Weight::broken,
             fmt::format("EXTINF has summed up to {:+.1f} ms off the media at segment {}",
                         1000 * seconds_of(drift), next.number)});
        drift = {};
    }
    return remarks;
}

} // namespace continuo::hls::rules
