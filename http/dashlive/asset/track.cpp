#include "http/dashlive/asset/track.hpp"

#include "http/dashlive/asset/names.hpp"
#include "http/dashlive/asset/sound.hpp"
#include "http/dashlive/asset/track_layout.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <optional>
#include <utility>

namespace continuo::dashlive {
namespace {

using storage::Accepted;
using storage::refused;
using timeline::MediaTime;
using timeline::SegmentLoop;

/// What the MPD tells, unless that is nothing or just the codec's name, where the header tells
/// more: no player can do anything with "hev1".
std::string codecs_of(TrackFacts const& facts) {
    auto const& told = facts.plan.codecs;
    auto const& found = facts.track.entry.codecs;
    return told.empty() || found.starts_with(told + '.') ? found : told;
}

/// What a track has whatever it is beside.
Track track_of(TrackFacts const& facts) {
    auto const& plan = facts.plan;
    Track track;
    track.id = plan.id;
    track.content = plan.content;
    track.timescale = facts.track.timescale;
    track.track_id = facts.track.id;
    track.bandwidth_bps = plan.bandwidth_bps;
    track.codecs = codecs_of(facts);
    track.media_type = plan.media_type;
    track.extension = plan.extension;
    track.media = plan.media;
    track.initialisation = plan.initialisation;
    track.header = facts.header;
    track.edit = facts.edit;
    track.is_encrypted = facts.is_encrypted;
    return track;
}

void take_layout(Track& track, TrackFacts const& facts, TrackLayout const& layout) {
    track.first_time = layout.first_time;
    for (std::size_t i = 0; i < layout.starts.size(); ++i)
        track.segments.push_back(
            {.part = facts.segments[i].part,
             .start = layout.starts[i],
             .duration = static_cast<std::int64_t>(facts.segments[i].samples.duration)});
}

SegmentLoop loop_of(std::uint32_t timescale, std::vector<std::int64_t> const& starts,
                    std::int64_t length) {
    std::vector<std::int64_t> durations;
    for (std::size_t i = 0; i < starts.size(); ++i)
        durations.push_back((i + 1 < starts.size() ? starts[i + 1] : length) - starts[i]);
    return {timescale, durations};
}

/// `time` by another clock; nothing where it lies between two of its units.
std::optional<std::int64_t> exactly(MediaTime time, std::uint32_t timescale) {
    auto const units = timeline::rescaled_up(time, timescale);
    if (timeline::rescaled_up({units, timescale}, time.timescale) != time.units)
        return std::nullopt;
    return units;
}

FittedTrack finished(Track track, std::vector<std::string> notes) {
    return {.track = std::make_shared<Track const>(std::move(track)), .notes = std::move(notes)};
}

std::vector<std::string> notes_on(TrackLayout const& layout) {
    if (layout.gaps == 0) return {};
    return {fmt::format("{} gap{} of less than a frame between segments {} closed", layout.gaps,
                        layout.gaps == 1 ? "" : "s", layout.gaps == 1 ? "is" : "are")};
}

/// What comes with the segments of a reference.
class Beside {
public:
    explicit Beside(Track const& reference) : reference_(reference), loop_(*reference.loop) {}

    Accepted<> check_count(TrackFacts const& facts) const {
        if (facts.segments.size() == loop_.size()) return {};
        return refused(fmt::format("has {} segments, \"{}\" has {}", facts.segments.size(),
                                   reference_.id, loop_.size()));
    }

    /// By how much segment `index` (or, behind the last, the end) may be elsewhere than that of the
    /// reference, in units of the track.
    using Tolerance = std::function<std::int64_t(std::size_t index)>;

    Accepted<> check_places(TrackFacts const& facts, TrackLayout const& layout,
                            Tolerance const& tolerance) const {
        auto const timescale = facts.track.timescale;
        for (std::size_t i = 0; i <= layout.starts.size(); ++i) {
            bool const is_end = i == layout.starts.size();
            auto const difference =
                (is_end ? layout.length : layout.starts[i]) - boundary(i, timescale);
            if (std::abs(difference) < tolerance(i)) continue;
            auto const name =
                is_end ? "the last segment" : name_of_segment(i, facts.segments[i].part);
            return refused(fmt::format("{} {} {} {} than that of \"{}\"", name,
                                       is_end ? "ends" : "begins",
                                       seconds_text(std::abs(difference), timescale),
                                       difference > 0 ? "later" : "earlier", reference_.id));
        }
        return {};
    }

    /// The track's own segments, as long together as the reference; nothing where its clock can't
    /// say how long that is.
    std::optional<SegmentLoop> own_loop(Track const& track, TrackLayout const& layout,
                                        std::vector<std::string>& notes) const {
        auto const length = exactly({loop_.length(), loop_.timescale()}, track.timescale);
        if (!length || *length <= layout.starts.back()) return std::nullopt;
        if (*length != layout.length)
            notes.push_back(
                fmt::format("its last segment counts as {} {}, so that it ends with \"{}\"",
                            seconds_text(std::abs(*length - layout.length), track.timescale),
                            *length > layout.length ? "longer" : "shorter", reference_.id));
        return loop_of(track.timescale, layout.starts, *length);
    }

    /// The reference's segments on the track's clock; nothing where that can't say when they begin.
    std::optional<SegmentLoop> same_loop(std::uint32_t timescale) const {
        std::vector<std::int64_t> starts;
        for (std::size_t i = 0; i < loop_.size(); ++i) {
            auto const start = exactly({place(i).start, loop_.timescale()}, timescale);
            if (!start) return std::nullopt;
            starts.push_back(*start);
        }
        auto const length = exactly({loop_.length(), loop_.timescale()}, timescale);
        if (!length) return std::nullopt;
        return loop_of(timescale, starts, *length);
    }

    /// When segment `index` begins (or, behind the last, the loop ends), rounded up.
    std::int64_t boundary(std::size_t index, std::uint32_t timescale) const {
        return timeline::rescaled_up({place(index).start, loop_.timescale()}, timescale);
    }

private:
    SegmentLoop::Place place(std::size_t index) const {
        return loop_.place_of(static_cast<std::int64_t>(index));
    }

    Track const& reference_;
    SegmentLoop const& loop_;
};

Accepted<FittedTrack> images_beside(TrackFacts const& facts, Track const& reference,
                                    Beside const& beside) {
    if (auto const done = beside.check_count(facts); !done) return done.error();
    auto track = track_of(facts);
    track.timescale = reference.timescale;
    track.loop = reference.loop;
    for (std::size_t i = 0; i < facts.segments.size(); ++i)
        track.segments.push_back({.part = facts.segments[i].part,
                                  .start = reference.segments[i].start,
                                  .duration = reference.segments[i].duration});
    return finished(std::move(track), {});
}

Accepted<FittedTrack> text_beside(TrackFacts const& facts, TrackLayout const& layout,
                                  Beside const& beside) {
    if (auto const done = beside.check_count(facts); !done) return done.error();
    auto const timescale = facts.track.timescale;
    auto const half_a_segment = [&](std::size_t i) {
        auto const last = facts.segments.size() - 1;
        auto const segment = std::min(i, last);
        auto const duration =
            beside.boundary(segment + 1, timescale) - beside.boundary(segment, timescale);
        return i > last ? duration : duration / 2;
    };
    if (auto const done = beside.check_places(facts, layout, half_a_segment); !done)
        return done.error();
    auto track = track_of(facts);
    take_layout(track, facts, layout);
    track.loop = beside.same_loop(timescale);
    return finished(std::move(track), {});
}

Accepted<FittedTrack> media_beside(TrackFacts const& facts, TrackLayout const& layout,
                                   Beside const& beside) {
    if (auto const done = beside.check_count(facts); !done) return done.error();
    auto const timescale = facts.track.timescale;
    bool const is_sound = facts.plan.content == Content::audio;
    auto const tolerance = [&](std::size_t i) -> std::int64_t {
        bool const is_end = i == facts.segments.size();
        if (is_sound && is_end) return timescale / 10;
        if (is_sound)
            return (beside.boundary(i + 1, timescale) - beside.boundary(i, timescale)) / 2;
        auto const& samples = facts.segments[is_end ? i - 1 : i].samples;
        return std::max(samples.frame, samples.last);
    };
    if (auto const done = beside.check_places(facts, layout, tolerance); !done) return done.error();
    auto track = track_of(facts);
    take_layout(track, facts, layout);
    auto notes = notes_on(layout);
    track.loop = beside.own_loop(track, layout, notes);
    return finished(std::move(track), std::move(notes));
}

} // namespace

Accepted<FittedTrack> reference_track(TrackFacts const& facts) {
    auto const layout = layout_of(facts);
    if (!layout) return layout.error();
    auto track = track_of(facts);
    take_layout(track, facts, *layout);
    track.loop = loop_of(track.timescale, layout->starts, layout->length);
    return finished(std::move(track), notes_on(*layout));
}

Accepted<FittedTrack> track_beside(TrackFacts const& facts, Track const& reference,
                                   TrackFacts const& reference_facts) {
    Beside const beside(reference);
    if (facts.plan.content == Content::image) return images_beside(facts, reference, beside);
    auto const layout = layout_of(facts);
    if (!layout) return layout.error();
    if (facts.plan.content == Content::text) return text_beside(facts, *layout, beside);
    if (facts.plan.content == Content::audio && !facts.is_encrypted) {
        auto track = track_of(facts);
        take_layout(track, facts, *layout);
        auto notes = notes_on(*layout);
        auto const is_cut = cut_again(track, facts, reference, reference_facts, notes);
        if (!is_cut) return is_cut.error();
        if (*is_cut) return finished(std::move(track), std::move(notes));
    }
    return media_beside(facts, *layout, beside);
}

} // namespace continuo::dashlive
