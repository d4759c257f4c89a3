#include "http/dashlive/asset/segment_meter.hpp"

#include "core/mp4/fragment.hpp"
#include "core/mp4/segment_index.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace continuo::dashlive {
namespace {

using storage::Accepted;
using storage::refused;

constexpr std::uint64_t largest_time = std::uint64_t{1} << 61;
constexpr std::uint64_t largest_header = std::uint64_t{4} << 20; // bytes

/// Adds up the fragments of one segment.
class Samples {
public:
    Samples(FilePart const& part, mp4::Track const& track, bool keeps_frames)
        : part_(part), track_(track), keeps_frames_(keeps_frames) {}

    Accepted<> take(mp4::MovieFragment const& fragment) {
        for (auto const& traf : fragment.tracks) {
            if (traf.header.track_id != track_.id)
                return refused(fmt::format("has samples of track {}, its header is of track {}",
                                           traf.header.track_id, track_.id));
            if (auto const done = take(fragment, traf); !done) return done.error();
        }
        return {};
    }

    Accepted<SampleFacts> finished() && {
        if (count_ == 0) return refused("has no samples");
        if (!is_regular_) facts_.frame = 0;
        return std::move(facts_);
    }

private:
    Accepted<> take(mp4::MovieFragment const& fragment, mp4::TrackFragment const& traf) {
        if (!traf.decode_time) return refused("has a fragment without a time (tfdt)");
        if (traf.decode_time->time > largest_time)
            return refused(fmt::format("begins at {}, which can't be", traf.decode_time->time));
        if (count_ == 0) facts_.time = traf.decode_time->time;
        auto const defaults = traf.defaults(track_.defaults);
        auto const base = traf.header.base_data_offset.value_or(fragment.offset);
        auto place = base;
        for (auto const& run : traf.runs) {
            if (run.data_offset)
                place = base + static_cast<std::uint64_t>(std::int64_t{*run.data_offset});
            if (auto const done = take(run, defaults, place); !done) return done.error();
        }
        return {};
    }

    /// `place`: of the run's first sample; moves behind its last.
    Accepted<> take(mp4::TrackRun const& run, mp4::SampleDefaults const& defaults,
                    std::uint64_t& place) {
        bool const is_listed = run.listed_samples() > 0;
        if (!is_listed) note(defaults.duration, run.sample_count);
        for (std::uint32_t i = 0; i < run.listed_samples(); ++i)
            note(run.sample(i, defaults).duration, 1);
        if (facts_.duration > largest_time) return refused("has samples of impossible durations");
        if (!keeps_frames_ || run.sample_count == 0) return {};
        // Each frame takes a byte at least, so a segment has no more frames than bytes.
        if (run.sample_count > part_.bytes) return refused("has more samples than bytes");
        for (std::uint32_t i = 0; i < run.sample_count; ++i)
            if (auto const done = keep(run.sample(i, defaults), place); !done) return done.error();
        return {};
    }

    Accepted<> keep(mp4::Sample const& frame, std::uint64_t& place) {
        if (place < part_.offset || place - part_.offset > part_.bytes ||
            frame.size > part_.bytes - (place - part_.offset))
            return refused("has samples that lie outside of it");
        auto& frames = facts_.frames;
        if (frames.empty() || frames.back().flags != frame.flags || place != end_of_frames_)
            frames.push_back({.offset = place, .flags = frame.flags, .sizes = {}});
        frames.back().sizes.push_back(frame.size);
        end_of_frames_ = place += frame.size;
        return {};
    }

    void note(std::uint32_t duration, std::uint32_t count) {
        if (count == 0) return;
        if (count_ == 0)
            facts_.frame = duration;
        else if (facts_.last != facts_.frame)
            is_regular_ = false;
        if (count > 1 && duration != facts_.frame) is_regular_ = false;
        facts_.last = duration;
        count_ += count;
        // Stays in 64 bits: what is more than `largest_time` is refused behind each run.
        facts_.duration += std::min(std::uint64_t{duration} * count, largest_time + 1);
    }

    FilePart const& part_;
    mp4::Track const& track_;
    bool keeps_frames_;
    SampleFacts facts_;
    std::uint64_t count_{};
    bool is_regular_{true};
    std::uint64_t end_of_frames_{};
};

} // namespace

Accepted<SampleFacts> samples_of(PartReader& file, FilePart const& part, mp4::Track const& track,
                                 bool keeps_frames) {
    // All boxes first: of a file that is cut off that is said, not what follows from it.
    std::vector<BoxPlace> fragments;
    auto const end = part.offset + part.bytes;
    for (auto offset = part.offset; offset != end;) {
        auto const place = file.box_at(offset, end);
        if (!place) return place.error();
        offset = (*place)->end();
        if ((*place)->type == mp4::FourCC("moof")) fragments.push_back(**place);
    }
    Samples samples(part, track, keeps_frames);
    for (auto const& place : fragments) {
        auto const box = file.read(place);
        if (!box) return box.error();
        auto const fragment = mp4::parse_movie_fragment(*box);
        if (!fragment) return refused(to_text(fragment.error()));
        if (auto const done = samples.take(*fragment); !done) return done.error();
    }
    return std::move(samples).finished();
}

Accepted<std::vector<std::uint8_t>> header_of(PartReader& file, std::uint64_t offset) {
    auto const end = file.size_bytes();
    for (auto next = offset; next < end;) {
        auto const place = file.box_at(next, end);
        if (!place) return place.error();
        next = (*place)->end();
        if ((*place)->type != mp4::FourCC("moov")) continue;
        if (next - offset > largest_header)
            return refused(fmt::format("has a header of {} bytes", next - offset));
        auto const bytes = file.bytes_at(offset, static_cast<std::size_t>(next - offset));
        if (!bytes) return bytes.error();
        return std::vector<std::uint8_t>(bytes->begin(), bytes->end());
    }
    return refused("has no header (moov)");
}

Accepted<std::vector<FilePart>> indexed_parts(PartReader& file, std::string const& path) {
    auto const end = file.size_bytes();
    for (std::uint64_t offset = 0; offset < end;) {
        auto const place = file.box_at(offset, end);
        if (!place) return place.error();
        if ((*place)->type == mp4::FourCC("moof") || (*place)->type == mp4::FourCC("mdat")) break;
        offset = (*place)->end();
        if ((*place)->type != mp4::FourCC("sidx")) continue;
        auto const box = file.read(**place);
        if (!box) return box.error();
        auto const index = mp4::parse_segment_index(*box);
        if (!index) return refused(to_text(index.error()));
        std::vector<FilePart> parts;
        if (index->first_offset > end - offset) return refused("has an index that leads out of it");
        auto next = offset + index->first_offset;
        for (auto const& reference : index->references) {
            if (reference.is_index)
                return refused("has an index of indexes (sidx), which is not supported");
            if (reference.size == 0 || reference.size > end - next)
                return refused(fmt::format("ends at byte {}, its index leads beyond", end));
            parts.push_back({.path = path, .offset = next, .bytes = reference.size});
            next += reference.size;
        }
        if (parts.empty()) return refused("has an empty index (sidx)");
        return parts;
    }
    return refused("has no index (sidx) in front of its media, so its segments can't be told");
}

} // namespace continuo::dashlive
