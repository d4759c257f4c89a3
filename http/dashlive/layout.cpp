#include "http/dashlive/layout.hpp"

#include "core/mp4/box.hpp"
#include "core/mp4/movie.hpp"

#include <utility>

namespace continuo::dashlive {
namespace {

/// Boxes that are taken over when a segment's fragments are written anew.
struct Additions {
    std::vector<std::uint8_t> type, subsamples;
};

Result<Additions> additions_of(std::span<std::uint8_t const> bytes) {
    Additions found;
    auto const keep = [](std::vector<std::uint8_t>& into, mp4::Box const& box) {
        if (into.empty()) into.assign(box.bytes.begin(), box.bytes.end());
    };
    auto const visit = [&](auto const& self, mp4::Box const& box) -> Result<> {
        if (box.type == mp4::FourCC("styp")) keep(found.type, box);
        if (box.type == mp4::FourCC("subs")) keep(found.subsamples, box);
        if (box.type != mp4::FourCC("moof") && box.type != mp4::FourCC("traf")) return {};
        return mp4::for_each_box(mp4::BoxCursor::inside(box),
                                 [&](mp4::Box const& child) { return self(self, child); });
    };
    auto const done = mp4::for_each_box(mp4::BoxCursor(bytes),
                                        [&](mp4::Box const& box) { return visit(visit, box); });
    if (!done) return done.error();
    return found;
}

Result<mp4::SampleDefaults> defaults_of(Track const& track) {
    auto const movie = mp4::parse_movie(track.header);
    if (!movie) return movie.error();
    auto const* const found = movie->find(track.track_id);
    return found ? found->defaults : mp4::SampleDefaults{};
}

} // namespace

std::size_t Layout::memory_bytes() const noexcept {
    return sizeof *this + 2 * segment.kept_bytes() +
           samples.samples.size() * sizeof(mp4::LocatedSample) + type.size() + subsamples.size() +
           media.size();
}

Result<Layout> parse_layout(Track const& track, std::vector<std::uint8_t> bytes, Depth depth) {
    auto segment = mp4::MovableSegment::parse(bytes);
    if (!segment) return segment.error();
    auto const defaults = defaults_of(track);
    if (!defaults) return defaults.error();
    auto samples = mp4::locate_samples(bytes, track.track_id, *defaults);
    if (!samples) return samples.error();
    auto additions = additions_of(bytes);
    if (!additions) return additions.error();
    if (depth == Depth::structure) bytes = {};
    return Layout{.segment = std::move(*segment),
                  .samples = std::move(*samples),
                  .type = std::move(additions->type),
                  .subsamples = std::move(additions->subsamples),
                  .media = std::move(bytes)};
}

} // namespace continuo::dashlive
