#include "http/dashlive/asset/sound.hpp"

#include "http/dashlive/asset/track_layout.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace continuo::dashlive {
namespace {

using storage::Accepted;
using storage::refused;

/// How long each frame is; 0 where that differs. The very last may be shorter, or longer: that is
/// all the same to a decoder.
std::int64_t frame_of(TrackFacts const& facts) {
    auto const& segments = facts.segments;
    auto const frame = segments.front().samples.frame;
    for (std::size_t i = 0; i < segments.size(); ++i) {
        auto const& samples = segments[i].samples;
        bool const is_last = i + 1 == segments.size();
        bool const is_single = samples.frames.size() == 1 && samples.frames[0].sizes.size() == 1;
        if (is_last && is_single && i > 0) continue;
        if (samples.frame != frame || (!is_last && samples.last != frame)) return 0;
    }
    return frame;
}

/// When the track begins in its period, in units of `timescale`; nothing where that can't be.
std::int64_t start_of(TrackFacts const& facts, std::uint32_t timescale) {
    auto const& plan = facts.plan;
    auto const offset = std::min<std::uint64_t>(
        plan.presentation_time_offset,
        static_cast<std::uint64_t>(timeline::max_elapsed.count()) * plan.timescale);
    auto const time = static_cast<std::int64_t>(facts.segments.front().samples.time);
    return timeline::rescaled_up({time, facts.track.timescale}, timescale) -
           timeline::rescaled_up({static_cast<std::int64_t>(offset), plan.timescale}, timescale);
}

std::int64_t shortest_segment(Track const& reference, std::uint32_t timescale) {
    auto const shortest = std::ranges::min(reference.segments, {}, &StoredSegment::duration);
    return timeline::rescaled_up({shortest.duration, reference.timescale}, timescale);
}

/// Puts `count` frames in front, or, below 0, takes so many away.
void move_frames(Track& track, std::int64_t count) {
    auto& frames = track.sound->frames;
    if (count >= 0)
        frames.insert(frames.begin(), static_cast<std::size_t>(count), StoredFrame(frames.front()));
    else
        frames.erase(frames.begin(), frames.begin() - count);
    for (auto& segment : track.segments) {
        auto const first = static_cast<std::int64_t>(segment.first_frame) + count;
        segment.first_frame = static_cast<std::uint64_t>(std::max<std::int64_t>(0, first));
    }
}

} // namespace

Accepted<bool> cut_again(Track& track, TrackFacts const& facts, Track const& reference,
                         TrackFacts const& reference_facts, std::vector<std::string>& notes) {
    auto const frame = frame_of(facts);
    if (frame == 0) return false;
    auto& sound = track.sound.emplace(Sound{.frame = frame, .frames = {}});
    for (std::size_t i = 0; i < facts.segments.size(); ++i) {
        track.segments[i].first_frame = sound.frames.size();
        for (auto const& stretch : facts.segments[i].samples.frames) {
            auto offset = stretch.offset;
            for (auto const size : stretch.sizes) {
                sound.frames.push_back({.segment = static_cast<std::uint32_t>(i),
                                        .bytes = size,
                                        .offset = offset,
                                        .flags = stretch.flags});
                offset += size;
            }
        }
    }
    auto const most = shortest_segment(reference, track.timescale);
    auto const late = start_of(facts, track.timescale) - start_of(reference_facts, track.timescale);
    if (std::abs(late) > most)
        return refused(fmt::format("begins {} {} than \"{}\"",
                                   seconds_text(std::abs(late), track.timescale),
                                   late > 0 ? "later" : "earlier", reference.id));
    auto const moved = late / frame;
    if (-moved >= static_cast<std::int64_t>(sound.frames.size()))
        return refused(fmt::format("is over before \"{}\" begins", reference.id));
    if (moved != 0) {
        move_frames(track, moved);
        notes.push_back(fmt::format("{} frames {} at its beginning, where \"{}\" begins",
                                    std::abs(moved), moved > 0 ? "are repeated" : "are left out",
                                    reference.id));
    }
    auto const length = timeline::rescaled_up(
        {reference.loop->length(), reference.loop->timescale()}, track.timescale);
    auto const missing = length - static_cast<std::int64_t>(sound.frames.size()) * frame;
    if (missing > most)
        return refused(fmt::format("ends {} earlier than \"{}\"",
                                   seconds_text(missing, track.timescale), reference.id));
    if (missing >= frame)
        notes.push_back(fmt::format("its last frame is repeated {} times at the end of the loop",
                                    missing / frame));
    return true;
}

} // namespace continuo::dashlive
