#include "http/dashlive/media/strand.hpp"

#include "core/timeline/audio_grid.hpp"
#include "http/dashlive/media/ttml_shift.hpp"

#include <algorithm>

namespace continuo::dashlive {
namespace {

/// The bytes of a frame, where its stored segment has been read with its media.
std::span<std::uint8_t const> media_of(std::span<Ingredient const> ingredients, Track const& track,
                                       StoredFrame const& frame) {
    auto const found = std::ranges::find_if(ingredients, [&](Ingredient const& ingredient) {
        return ingredient.track.get() == &track && ingredient.segment == frame.segment;
    });
    if (found == ingredients.end() || !found->layout || found->layout->media.empty()) return {};
    auto const begin = frame.offset - track.segments[frame.segment].part.offset;
    auto const& media = found->layout->media;
    if (begin > media.size() || frame.bytes > media.size() - begin) return {};
    return std::span(media).subspan(begin, frame.bytes);
}

} // namespace

Strand cut_sound(Session const& session, TrackPtr const& track, std::int64_t index,
                 std::span<Ingredient const> ingredients) {
    auto const& sound = *track->sound;
    auto const count = static_cast<std::int64_t>(sound.frames.size());
    timeline::AudioGrid const grid(session.asset->pictures(), track->timescale, sound.frame);
    auto const run = grid.frames(index, count);

    Strand strand{.track = track,
                  .track_id = track->track_id,
                  .time = grid.segment(index).start,
                  .samples = {},
                  .sources = {},
                  .type = {},
                  .additional = {},
                  .protection = {},
                  .owned = {}};
    auto const total = static_cast<std::size_t>(run.count + run.repeated);
    strand.samples.reserve(total);
    strand.sources.reserve(total);
    for (auto i = run.first; i < run.first + run.count + run.repeated; ++i) {
        auto const& frame = sound.frames[static_cast<std::size_t>(std::min(i, count - 1))];
        strand.samples.push_back({.duration = static_cast<std::uint32_t>(sound.frame),
                                  .size = frame.bytes,
                                  .flags = frame.flags});
        strand.sources.push_back({.bytes = media_of(ingredients, *track, frame),
                                  .stored = &track->segments[frame.segment],
                                  .offset = frame.offset});
    }
    return strand;
}

Placement placement_of(Asset const& asset, Track const& track, std::int64_t index) noexcept {
    auto const& pictures = asset.pictures();
    auto const place = track.loop ? track.loop->place_of(index) : pictures.place_of(index);
    // Text whose clock has no such instants begins at the unit after.
    auto const start =
        track.loop ? place.start
                   : timeline::rescaled_up({place.start, pictures.timescale()}, track.timescale);
    return {.segment = place.segment,
            .start = start,
            .shift = start - track.first_time - track.segments[place.segment].start};
}

Strand moved_strand(Session const& session, TrackPtr const& track, std::int64_t index,
                    Ingredient const& ingredient) {
    auto const& layout = *ingredient.layout;
    auto const& stored = track->segments[ingredient.segment];
    Strand strand{.track = track,
                  .track_id = track->track_id,
                  .time = static_cast<std::int64_t>(layout.samples.decode_time) +
                          placement_of(*session.asset, *track, index).shift,
                  .samples = {},
                  .sources = {},
                  .type = layout.type,
                  .additional = {},
                  .protection = {},
                  .owned = {}};
    auto const& samples = layout.samples.samples;
    strand.samples.reserve(samples.size());
    strand.sources.reserve(samples.size());
    for (auto const& located : samples) {
        strand.samples.push_back(located.sample);
        auto const bytes =
            layout.media.empty()
                ? std::span<std::uint8_t const>{}
                : std::span(layout.media).subspan(located.offset, located.sample.size);
        strand.sources.push_back(
            {.bytes = bytes, .stored = &stored, .offset = stored.part.offset + located.offset});
    }
    if (holds_documents(*track))
        move_documents(strand, layout.subsamples,
                       placement_of(*session.asset, *track, index).shift);
    return strand;
}

} // namespace continuo::dashlive
