#include "http/dashlive/media/compose.hpp"

#include "core/mp4/initialisation.hpp"
#include "http/dashlive/media/chunks.hpp"
#include "http/dashlive/media/encryption.hpp"
#include "http/dashlive/media/events.hpp"
#include "http/dashlive/media/fragments.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

namespace continuo::dashlive {
namespace {

bool is_encrypted(Session const& session, MediaName const& name) {
    return std::ranges::any_of(
        name.tracks, [&](TrackPtr const& track) { return is_to_be_encrypted(session, *track); });
}

/// Whether the samples get fragments of ours. What is encrypted on disk keeps its own, since these
/// hold what a decrypter needs: it is one chunk.
bool is_rewritten(Session const& session, MediaName const& name) {
    auto const& track = name.first();
    if (track.is_encrypted && name.tracks.size() == 1) return is_encrypted(session, name);
    return holds_documents(track) || is_encrypted(session, name) || name.tracks.size() > 1 ||
           track.sound || name.part || session.options->chunk_duration ||
           is_last(session, name.index);
}

/// A segment on disk under another time, its boxes as they are.
Answer<Composed> moved(Session const& session, MediaName const& name,
                       Ingredient const& ingredient) {
    auto const& track = name.first();
    auto const placement = placement_of(*session.asset, track, name.index);
    auto const& segment = ingredient.layout->segment;
    auto const& part = track.segments[placement.segment].part;
    auto inserted = events_of(session, track, name.index);
    auto const has_own_index = session.options->inserts_index && !segment.has_index();
    auto const index_place = inserted.size();
    if (has_own_index) {
        auto const index = segment_index(session, track, name.index, placement.start);
        inserted.insert(inserted.end(), index.begin(), index.end());
    }
    auto stretches =
        segment.moved({.sequence_number = static_cast<std::uint32_t>(session.number_of(name.index)),
                       .shifts = {{.track_id = track.track_id,
                                   .timescale = track.timescale,
                                   .units = placement.shift}},
                       .inserted = inserted});
    if (!stretches) return Refusal{.status = 404, .detail = to_text(stretches.error())};

    Chunk chunk;
    for (auto& stretch : *stretches) {
        Piece piece{.bytes = std::move(stretch.bytes), .file = std::nullopt};
        if (stretch.file_bytes > 0)
            piece.file = FilePart{.path = part.path,
                                  .offset = part.offset + stretch.file_offset,
                                  .bytes = stretch.file_bytes};
        chunk.pieces.push_back(std::move(piece));
    }
    if (has_own_index) {
        auto const begin = segment.first_fragment() + index_place;
        set_reference_size(chunk.pieces.front().bytes, begin, size_of(chunk));
    }
    Composed composed;
    composed.chunks.push_back(std::move(chunk));
    return composed;
}

/// Two tracks of one file have different numbers, whatever they have on disk.
std::uint32_t second_track_id(MediaName const& name) noexcept {
    auto const first = name.first().track_id;
    auto const second = name.tracks.back()->track_id;
    return first == second ? first + 1 : second;
}

Answer<std::vector<Strand>> strands_of(Session const& session, MediaName const& name,
                                       std::span<Ingredient const> ingredients) {
    std::vector<Strand> strands;
    for (auto const& track : name.tracks) {
        if (track->is_encrypted)
            return Refusal{.status = 400,
                           .detail = fmt::format("\"{}\" is encrypted on disk", track->id)};
        auto const found = std::ranges::find(ingredients, track, &Ingredient::track);
        strands.push_back(track->sound ? cut_sound(session, track, name.index, ingredients)
                                       : moved_strand(session, track, name.index, *found));
        if (!is_to_be_encrypted(session, *track)) continue;
        auto const protection = protection_of(session, *track);
        if (!protection) return protection.error();
        strands.back().protection = *protection;
    }
    if (strands.size() > 1) strands.back().track_id = second_track_id(name);
    return strands;
}

Answer<std::vector<std::uint8_t>> header_of(Session const& session, Track const& track) {
    if (!is_to_be_encrypted(session, track)) return track.header;
    auto const protection = protection_of(session, track);
    if (!protection) return protection.error();
    auto const header = mp4::protected_initialisation(track.header, *protection);
    if (!header) return Refusal{.status = 400, .detail = to_text(header.error())};
    return *header;
}

Answer<std::vector<std::uint8_t>> initialisation_of(Session const& session, MediaName const& name) {
    auto const first = header_of(session, name.first());
    if (!first || name.tracks.size() == 1) return first;
    auto const second = header_of(session, *name.tracks.back());
    if (!second) return second.error();
    auto const both = mp4::with_second_track(*first, *second, second_track_id(name));
    if (!both) return Refusal{.status = 400, .detail = to_text(both.error())};
    return *both;
}

/// Which stored segments the frames of a cut of sound are in.
void add_sound(Session const& session, TrackPtr const& track, std::int64_t index,
               std::vector<Ingredient>& into) {
    std::optional<std::size_t> last;
    for (auto const& source : cut_sound(session, track, index, {}).sources) {
        auto const segment = static_cast<std::size_t>(source.stored - track->segments.data());
        if (std::exchange(last, segment) == segment) continue;
        into.push_back(
            {.track = track, .segment = segment, .depth = Depth::with_media, .layout = nullptr});
    }
}

/// Samples in fragments of ours.
Answer<Composed> rewritten(Session const& session, MediaName const& name,
                           std::span<Ingredient const> ingredients,
                           std::chrono::milliseconds length) {
    auto const strands = strands_of(session, name, ingredients);
    if (!strands) return strands.error();
    return fragments_of(session, name, *strands, length);
}

Composed unchanged(std::vector<Piece> pieces) {
    Composed composed;
    composed.chunks.push_back({.pieces = std::move(pieces)});
    return composed;
}

Answer<Composed> part_of(Session const& session, MediaName const& name, Composed segment) {
    auto const part = *name.part;
    if (part >= segment.chunks.size())
        return Refusal{
            .status = 404,
            .detail = fmt::format("the segment has {} parts, from 0 on", segment.chunks.size())};
    auto& chunk = segment.chunks[part];
    if (chunk.due > session.now)
        return Refusal{.status = 425,
                       .detail =
                           fmt::format("too early by {} ms", (chunk.due - session.now).count())};
    Composed result;
    result.chunks.push_back(std::move(chunk));
    return result;
}

} // namespace

std::vector<Ingredient> ingredients_of(Session const& session, MediaName const& name) {
    std::vector<Ingredient> ingredients;
    if (name.kind == MediaName::Kind::initialisation || name.is_image()) return ingredients;
    for (auto const& track : name.tracks) {
        auto const is_hidden = is_to_be_encrypted(session, *track);
        if (track->sound) {
            if (is_hidden) add_sound(session, track, name.index, ingredients);
            continue;
        }
        ingredients.push_back(
            {.track = track,
             .segment = placement_of(*session.asset, *track, name.index).segment,
             .depth = is_hidden || holds_documents(*track) ? Depth::with_media : Depth::structure,
             .layout = nullptr});
    }
    return ingredients;
}

Answer<Composed> compose(Session const& session, MediaName const& name,
                         std::span<Ingredient const> ingredients) {
    auto const& track = name.first();
    if (name.kind == MediaName::Kind::initialisation) {
        auto header = initialisation_of(session, name);
        if (!header) return header.error();
        return unchanged({{.bytes = std::move(*header), .file = std::nullopt}});
    }
    auto const length = chunk_length(session, name);
    if (name.part && length.count() == 0)
        return Refusal{.status = 404, .detail = "these segments have no parts"};
    if (name.is_image()) {
        auto const placement = placement_of(*session.asset, track, name.index);
        return unchanged({{.bytes = {}, .file = track.segments[placement.segment].part}});
    }
    auto composed = is_rewritten(session, name) ? rewritten(session, name, ingredients, length)
                                                : moved(session, name, ingredients.front());
    if (composed && name.part) return part_of(session, name, std::move(*composed));
    return composed;
}

} // namespace continuo::dashlive
