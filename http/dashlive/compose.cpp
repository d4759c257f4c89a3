#include "http/dashlive/compose.hpp"

#include "http/dashlive/chunks.hpp"
#include "http/dashlive/events.hpp"
#include "http/dashlive/fragments.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace continuo::dashlive {
namespace {

bool is_rewritten(Session const& session, MediaName const& name) {
    auto const& track = name.first();
    return name.tracks.size() > 1 || track.sound || name.part || session.options->chunk_duration ||
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

std::vector<Strand> strands_of(Session const& session, MediaName const& name,
                               std::span<Ingredient const> ingredients) {
    std::vector<Strand> strands;
    for (auto const& track : name.tracks) {
        if (track->sound) {
            strands.push_back(cut_sound(session, track, name.index, ingredients));
        } else {
            auto const found = std::ranges::find(ingredients, track, &Ingredient::track);
            strands.push_back(moved_strand(session, track, name.index, *found));
        }
    }
    return strands;
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
        if (track->sound) continue;
        ingredients.push_back({.track = track,
                               .segment = placement_of(*session.asset, *track, name.index).segment,
                               .depth = Depth::structure,
                               .layout = nullptr});
    }
    return ingredients;
}

Answer<Composed> compose(Session const& session, MediaName const& name,
                         std::span<Ingredient const> ingredients) {
    auto const& track = name.first();
    if (name.kind == MediaName::Kind::initialisation)
        return unchanged({{.bytes = track.header, .file = std::nullopt}});
    if (name.is_image()) {
        auto const placement = placement_of(*session.asset, track, name.index);
        return unchanged({{.bytes = {}, .file = track.segments[placement.segment].part}});
    }
    if (!is_rewritten(session, name)) return moved(session, name, ingredients.front());
    auto const length = chunk_length(session, name);
    if (name.part && length.count() == 0)
        return Refusal{.status = 404, .detail = "segments have no parts without chunkdur"};
    auto composed = fragments_of(session, name, strands_of(session, name, ingredients), length);
    if (name.part) return part_of(session, name, std::move(composed));
    return composed;
}

} // namespace continuo::dashlive
