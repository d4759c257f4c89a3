#include "core/mp4/sample_location.hpp"

#include <fmt/format.h>

#include <optional>
#include <utility>

namespace continuo::mp4 {
namespace {

class Locator {
public:
    Locator(std::span<std::uint8_t const> file, std::uint32_t track_id,
            SampleDefaults const& defaults) noexcept
        : file_(file), track_id_(track_id), of_track_(defaults) {}

    Result<SegmentSamples> locate() {
        auto const done = for_each_box(BoxCursor(file_), [&](Box const& box) -> Result<> {
            if (box.type != FourCC("moof")) return {};
            auto const fragment = parse_movie_fragment(box);
            if (!fragment) return fragment.error();
            return take(*fragment);
        });
        if (!done) return done.error();
        if (!has_time_)
            return fail(Errc::not_found, fmt::format("no fragment of track {}", track_id_));
        return std::move(found_);
    }

private:
    Result<> take(MovieFragment const& fragment) {
        std::size_t behind = fragment.offset; // where the data of the traf before ends
        bool is_first = true;
        for (auto const& track : fragment.tracks) {
            auto const& header = track.header;
            auto const from_fragment = header.default_base_is_moof || is_first;
            is_first = false;
            behind = header.base_data_offset ? static_cast<std::size_t>(*header.base_data_offset)
                     : from_fragment         ? fragment.offset
                                             : behind;
            auto const is_ours = header.track_id == track_id_;
            if (is_ours) {
                if (!track.decode_time)
                    return fail(Errc::malformed,
                                fmt::format("traf without tfdt at byte {}", track.offset));
                if (!std::exchange(has_time_, true)) found_.decode_time = track.decode_time->time;
            }
            auto const base = behind;
            for (auto const& run : track.runs) {
                if (run.data_offset)
                    behind = base + static_cast<std::size_t>(std::int64_t{*run.data_offset});
                if (auto const done = take(run, track.defaults(of_track_), is_ours, behind); !done)
                    return done;
            }
        }
        return {};
    }

    /// Moves `place` behind the run.
    Result<> take(TrackRun const& run, SampleDefaults const& defaults, bool is_ours,
                  std::size_t& place) {
        if (run.sample_count > max_segment_samples - seen_)
            return fail(Errc::out_of_range,
                        fmt::format("more than {} samples by the trun at byte {}",
                                    max_segment_samples, run.offset));
        seen_ += run.sample_count;
        for (std::uint32_t i = 0; i < run.sample_count; ++i) {
            auto const sample = run.sample(i, defaults);
            if (place > file_.size() || sample.size > file_.size() - place)
                return fail(Errc::malformed,
                            fmt::format("sample {} of the trun at byte {} outside of the segment",
                                        i, run.offset));
            if (is_ours) found_.samples.push_back({.sample = sample, .offset = place});
            place += sample.size;
        }
        return {};
    }

    std::span<std::uint8_t const> file_;
    std::uint32_t track_id_;
    SampleDefaults of_track_;
    SegmentSamples found_;
    bool has_time_{false};
    std::size_t seen_{};
};

} // namespace

Result<SegmentSamples> locate_samples(std::span<std::uint8_t const> file, std::uint32_t track_id,
                                      SampleDefaults const& defaults) {
    return Locator(file, track_id, defaults).locate();
}

} // namespace continuo::mp4
