#include "http/dashlive/media/layout.hpp"

#include "core/mp4/box.hpp"
#include "core/mp4/movie.hpp"

#include <optional>
#include <utility>

namespace continuo::dashlive {
namespace {

/// Boxes that are taken over when a segment's fragments are written anew.
struct Additions {
    std::vector<std::uint8_t> type;
    std::optional<mp4::SubsampleSizes> subsamples;
};

class AdditionReader {
public:
    explicit AdditionReader(bool wants_subsamples) noexcept : wants_subsamples_(wants_subsamples) {}

    Result<> read(mp4::BoxCursor cursor) {
        return mp4::for_each_box(cursor, [&](mp4::Box const& box) -> Result<> {
            if (box.type == mp4::FourCC("styp") && found_.type.empty())
                found_.type.assign(box.bytes.begin(), box.bytes.end());
            if (box.type == mp4::FourCC("subs") && wants_subsamples_) return read_subsamples(box);
            auto const is_parent =
                box.type == mp4::FourCC("moof") || box.type == mp4::FourCC("traf");
            return is_parent ? read(mp4::BoxCursor::inside(box)) : Result<>{};
        });
    }
    Additions taken() && { return std::move(found_); }

private:
    Result<> read_subsamples(mp4::Box const& box) {
        if (found_.subsamples)
            return fail(Errc::unsupported, "documents with images in several fragments");
        auto sizes = mp4::parse_subsample_sizes(box);
        if (!sizes) return sizes.error();
        found_.subsamples = std::move(*sizes);
        return {};
    }

    bool wants_subsamples_;
    Additions found_;
};

Result<mp4::SampleDefaults> defaults_of(Track const& track) {
    auto const movie = mp4::parse_movie(track.header);
    if (!movie) return movie.error();
    auto const* const found = movie->find(track.track_id);
    return found ? found->defaults : mp4::SampleDefaults{};
}

} // namespace

bool holds_documents(Track const& track) noexcept {
    return track.content == Content::text && track.codecs.starts_with("stpp");
}

std::size_t Layout::memory_bytes() const noexcept {
    return sizeof *this + 2 * segment.kept_bytes() +
           samples.samples.size() * sizeof(mp4::LocatedSample) + type.size() +
           subsamples.encoded().size() + media.capacity();
}

Result<Layout> parse_layout(Track const& track, std::vector<std::uint8_t> bytes, Depth depth) {
    auto segment = mp4::MovableSegment::parse(bytes);
    if (!segment) return segment.error();
    auto const defaults = defaults_of(track);
    if (!defaults) return defaults.error();
    auto samples = mp4::locate_samples(bytes, track.track_id, *defaults);
    if (!samples) return samples.error();
    AdditionReader reader(holds_documents(track));
    if (auto const read = reader.read(mp4::BoxCursor(bytes)); !read) return read.error();
    auto additions = std::move(reader).taken();
    // Not `bytes = {}`, which leaves them their memory.
    if (depth == Depth::structure) bytes = std::vector<std::uint8_t>();
    return Layout{.segment = std::move(*segment),
                  .samples = std::move(*samples),
                  .type = std::move(additions.type),
                  .subsamples = std::move(additions.subsamples).value_or(mp4::SubsampleSizes{}),
                  .media = std::move(bytes)};
}

} // namespace continuo::dashlive
