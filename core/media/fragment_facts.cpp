#include "core/media/fragment_facts.hpp"

#include "core/mp4/fragment.hpp"
#include "core/mp4/media_time.hpp"
#include "core/mp4/movie.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace continuo::media {
namespace {

constexpr std::uint64_t max_units = std::uint64_t{1} << 60; // so that sums of a few fit

/// The times of one track's samples, in units of its timescale; run after run.
class TrackTimes {
public:
    /// `defaults`: those that hold in `fragment`. False when times get beyond what can be.
    bool add(mp4::TrackFragment const& fragment, mp4::SampleDefaults const& defaults) {
        if (fragment.decode_time) position_ = fragment.decode_time->time;
        for (auto const& run : fragment.runs)
            if (!add(run, defaults)) return false;
        return position_ <= max_units;
    }

    bool empty() const noexcept { return samples_ == 0; }
    std::int64_t first_shown() const noexcept { return first_shown_; } ///< of the file
    std::int64_t shown_from() const noexcept { return shown_from_; }
    std::int64_t shown_until() const noexcept { return shown_until_; }
    std::int64_t decoded_from() const noexcept { return decoded_from_; }
    std::int64_t decoded_until() const noexcept { return static_cast<std::int64_t>(position_); }
    std::int64_t usual_duration() const noexcept {
        return static_cast<std::int64_t>(total_ / samples_);
    }
    std::uint32_t first_flags() const noexcept { return first_flags_; }

private:
    bool add(mp4::TrackRun const& run, mp4::SampleDefaults const& defaults) {
        if (run.sample_count == 0) return true;
        if (run.listed_samples() == 0) return add_alike(run, defaults);
        for (std::uint32_t i = 0; i < run.listed_samples(); ++i) {
            auto const sample = run.sample(i, defaults);
            if (!show(sample, sample.duration)) return false;
        }
        samples_ += run.sample_count;
        return true;
    }

    /// Samples that differ in nothing are told by their number alone, which may be any.
    bool add_alike(mp4::TrackRun const& run, mp4::SampleDefaults const& defaults) {
        auto const all = std::uint64_t{run.sample_count} * defaults.duration;
        if (!show(run.sample(0, defaults), all)) return false;
        samples_ += run.sample_count;
        return true;
    }

    /// A sample, or several of which the first is `sample`, that last `duration`.
    bool show(mp4::Sample const& sample, std::uint64_t duration) {
        if (position_ > max_units || duration > max_units) return false;
        auto const from = static_cast<std::int64_t>(position_) + sample.composition_offset;
        auto const until = from + static_cast<std::int64_t>(duration);
        if (!begun_) {
            begun_ = true;
            decoded_from_ = static_cast<std::int64_t>(position_);
            first_shown_ = shown_from_ = from;
            shown_until_ = until;
            first_flags_ = sample.flags;
        }
        shown_from_ = std::min(shown_from_, from);
        shown_until_ = std::max(shown_until_, until);
        position_ += duration;
        total_ += duration;
        return true;
    }

    std::uint64_t position_{}; ///< decode time of the next sample
    std::uint64_t total_{};
    std::uint64_t samples_{};
    bool begun_{false};
    std::int64_t decoded_from_{};
    std::int64_t first_shown_{};
    std::int64_t shown_from_{};
    std::int64_t shown_until_{};
    std::uint32_t first_flags_{};
};

using TimesByTrack = std::map<std::uint32_t, TrackTimes>; // by track

Result<> add_fragment(mp4::Box const& box, mp4::Movie const& movie, TimesByTrack& times) {
    auto const fragment = mp4::parse_movie_fragment(box);
    if (!fragment) return fragment.error();
    for (auto const& track : fragment->tracks) {
        auto const id = track.header.track_id;
        auto const* described = movie.find(id);
        if (!described)
            return fail(Errc::not_found,
                        fmt::format("track {} of the fragment at byte {}", id, box.offset));
        if (!times[id].add(track, track.defaults(described->defaults)))
            return fail(Errc::out_of_range,
                        fmt::format("times of track {} at byte {}", id, track.offset));
    }
    return {};
}

/// The track that stands for the segment: video, else audio, else what there is.
mp4::Track const* leading_track(mp4::Movie const& movie, TimesByTrack const& times) {
    auto const find = [&](auto fits) -> mp4::Track const* {
        auto const found = std::ranges::find_if(movie.tracks, [&](mp4::Track const& track) {
            auto const measured = times.find(track.id);
            return measured != times.end() && !measured->second.empty() && fits(track);
        });
        return found == movie.tracks.end() ? nullptr : &*found;
    };
    for (auto const handler : {mp4::video_handler, mp4::audio_handler})
        if (auto const* track =
                find([&](mp4::Track const& each) { return each.handler == handler; }))
            return track;
    return find([](mp4::Track const&) { return true; });
}

void describe(mp4::Movie const& movie, SegmentFacts& facts) {
    for (auto const& track : movie.tracks) {
        if (track.handler == mp4::video_handler && facts.video_codecs.empty()) {
            facts.video_codecs = track.entry.codecs;
            facts.width = track.entry.width;
            facts.height = track.entry.height;
        }
        if (track.handler == mp4::audio_handler && facts.audio_codecs.empty())
            facts.audio_codecs = track.entry.codecs;
    }
}

Result<> take_times(mp4::Movie const& movie, mp4::Track const& track, TrackTimes const& times,
                    SegmentFacts& facts) {
    auto const scale = track.timescale;
    auto const shift = presentation_shift(movie, track);
    auto const begin = times.shown_from() + shift;
    auto const end = times.shown_until() + shift;
    for (auto const units : {begin, end, times.decoded_until()})
        if (units / scale >= mp4::max_seconds || units / scale <= -mp4::max_seconds)
            return fail(Errc::out_of_range, fmt::format("times of track {}", track.id));
    auto const first = times.first_shown() + shift;
    facts.start = mp4::ticks_of(first, scale);
    facts.span = mp4::ticks_of(end - first, scale);
    facts.frame = mp4::ticks_of(times.usual_duration(), scale);
    facts.begin = mp4::ticks_of(begin, scale);
    facts.duration = mp4::ticks_of(end - begin, scale);
    facts.timescale = scale;
    facts.begin_units = begin;
    facts.duration_units = end - begin;
    facts.decode_begin = mp4::ticks_of(times.decoded_from(), scale);
    facts.decode_duration = mp4::ticks_of(times.decoded_until() - times.decoded_from(), scale);
    facts.decode_begin_units = times.decoded_from();
    facts.decode_duration_units = times.decoded_until() - times.decoded_from();
    facts.edit_units = shift;
    if (track.handler == mp4::video_handler)
        facts.starts_with_keyframe =
            mp4::is_sync_sample(times.first_flags()) || mp4::depends_on_none(times.first_flags());
    return {};
}

} // namespace

Result<SegmentFacts> fragment_facts(std::span<std::uint8_t const> segment,
                                    std::span<std::uint8_t const> init) {
    auto const movie = mp4::parse_movie(init.empty() ? segment : init);
    if (!movie) return movie.error();
    TimesByTrack times;
    bool has_fragment = false;
    bool has_data = false; // behind the newest fragment
    auto const read =
        mp4::for_each_box(mp4::BoxCursor(segment), [&](mp4::Box const& box) -> Result<> {
            if (box.type == mp4::FourCC("mdat")) has_data = true;
            if (box.type != mp4::FourCC("moof")) return {};
            has_fragment = true;
            has_data = false;
            return add_fragment(box, *movie, times);
        });
    if (!read) return read.error();
    if (!has_fragment) return fail(Errc::not_found, "moof");
    if (!has_data) return fail(Errc::truncated, "moof without mdat");
    SegmentFacts facts;
    facts.container = Container::fragmented_mp4;
    describe(*movie, facts);
    if (auto const* track = leading_track(*movie, times))
        if (auto const done = take_times(*movie, *track, times.at(track->id), facts); !done)
            return done.error();
    return facts;
}

} // namespace continuo::media
