#include "http/pseudolive/assembly.hpp"

#include "http/pseudolive/normalised.hpp"
#include "http/server/conditional.hpp"
#include "http/storage/file_reference.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <utility>

namespace continuo::pseudolive {
namespace {

using timeline::Lap;
using LapPtr = std::shared_ptr<Lap const>;

/// What no segment lasts; where it was measured, the timestamps jump.
constexpr Ticks90k longest_segment{std::chrono::hours{1}};

Ticks90k distance(Ticks90k one, Ticks90k other) noexcept {
    return one > other ? one - other : other - one;
}

std::vector<std::size_t> discontinuities_of(InputTrack const& track) {
    std::vector<std::size_t> numbers;
    for (std::size_t i = 1; i < track.segments.size(); ++i)
        if (track.segments[i].discontinuity) numbers.push_back(i);
    return numbers;
}

/// A track beside the reference.
class Comparison {
public:
    Comparison(InputTrack const& reference, Lap const& reference_lap, InputTrack const& track,
               Lap const& lap)
        : reference_(reference)
        , reference_lap_(reference_lap)
        , track_(track)
        , lap_(lap)
        , half_(reference_lap.length() / (2 * static_cast<std::int64_t>(reference_lap.size())))
        , useful_(useful()) {}

    /// `Track::begun_by`; its last number is how many segments of the track are of use.
    storage::Accepted<std::vector<std::size_t>> begun_by() const {
        bool const is_alike = lap_.size() == reference_lap_.size() && useful_ == lap_.size();
        if (track_.is_text)
            return is_alike && !first_apart() ? std::vector<std::size_t>{} : by_time({}, {});
        if (is_alike) return by_index();
        if (distance(lap_.length(), reference_lap_.length()) > half_)
            return refuse(fmt::format("{} lasts {:.3f} s in {} segments, {} {:.3f} s in {}",
                                      track_.label, seconds_of(lap_.length()), lap_.size(),
                                      reference_.label, seconds_of(reference_lap_.length()),
                                      reference_lap_.size()),
                          lap_.length(), reference_lap_.length());
        auto const own = discontinuities_of(track_);
        auto const theirs = discontinuities_of(reference_);
        if (own.size() != theirs.size())
            return storage::refused(fmt::format("{} has {} discontinuities, {} {}", track_.label,
                                                own.size(), reference_.label, theirs.size()));
        for (std::size_t i = 0; i < own.size(); ++i) {
            auto const begin = lap_.start_of(own[i]);
            auto const their_begin = reference_lap_.start_of(theirs[i]);
            if (distance(begin, their_begin) > half_)
                return refuse(fmt::format("the discontinuity at segment {} of {} is at {:.3f} s, "
                                          "that at segment {} of {} at {:.3f} s",
                                          own[i], track_.label, seconds_of(begin), theirs[i],
                                          reference_.label, seconds_of(their_begin)),
                              begin, their_begin);
        }
        return by_time(own, theirs);
    }

private:
    /// How many segments begin before the reference ends. Those behind, as the last frames of sound
    /// that is a little longer than the pictures, would begin after the next lap's first: Shaka
    /// keeps segments in the order of their dates, and loses one where that is another.
    std::size_t useful() const {
        constexpr Ticks90k least{std::chrono::milliseconds{1}}; // dates tell no less
        auto count = lap_.size();
        while (count > 1 && !track_.segments[count - 1].discontinuity &&
               lap_.start_of(count - 1) > reference_lap_.length() - least)
            --count;
        return count;
    }

    /// The first segment that does not begin, or whose track does not end, with the reference's.
    std::optional<std::size_t> first_apart() const {
        for (std::size_t i = 1; i < lap_.size(); ++i)
            if (distance(lap_.start_of(i), reference_lap_.start_of(i)) > half_) return i;
        if (distance(lap_.length(), reference_lap_.length()) > half_) return lap_.size();
        return std::nullopt;
    }

    storage::Accepted<std::vector<std::size_t>> by_index() const {
        if (auto const apart = first_apart()) {
            auto const end = lap_.start_of(*apart - 1) + lap_.duration_of(*apart - 1);
            auto const their_end =
                reference_lap_.start_of(*apart - 1) + reference_lap_.duration_of(*apart - 1);
            return refuse(fmt::format("segment {} ({}) of {} ends at {:.3f} s, that of {} at "
                                      "{:.3f} s",
                                      *apart - 1, track_.segments[*apart - 1].uri, track_.label,
                                      seconds_of(end), reference_.label, seconds_of(their_end)),
                          end, their_end);
        }
        for (std::size_t i = 1; i < lap_.size(); ++i)
            if (track_.segments[i].discontinuity != reference_.segments[i].discontinuity)
                return storage::refused(fmt::format(
                    "segment {} is a discontinuity in {} only", i,
                    track_.segments[i].discontinuity ? track_.label : reference_.label));
        return std::vector<std::size_t>{};
    }

    /// Sound is cut at its own frames, so a segment that begins within a tenth of a second before
    /// another's end is meant to begin with it. Discontinuities have to: their numbers would differ
    /// for a while.
    std::vector<std::size_t> by_time(std::vector<std::size_t> const& own,
                                     std::vector<std::size_t> const& theirs) const {
        constexpr Ticks90k jitter{std::chrono::milliseconds{100}};
        std::vector<std::size_t> begun{0};
        std::size_t count = 0, passed = 0;
        for (std::size_t i = 1; i < reference_lap_.size(); ++i) {
            while (passed < theirs.size() && theirs[passed] <= i)
                ++passed;
            auto const least = passed == 0 ? 0 : own[passed - 1];
            // Behind a discontinuity at this very place nothing has begun yet.
            auto const most = passed > 0 && theirs[passed - 1] == i ? own[passed - 1]
                              : passed < own.size()                 ? own[passed]
                                                                    : useful_;
            while (count < useful_ && lap_.start_of(count) < reference_lap_.start_of(i) - jitter)
                ++count;
            begun.push_back(std::clamp(count, least, most));
        }
        begun.push_back(useful_);
        return begun;
    }

    storage::Refusal refuse(std::string what, Ticks90k one, Ticks90k other) const {
        return storage::refused(
            fmt::format("{}: {:.3f} s apart, more than half a segment ({:.3f} s)", what,
                        seconds_of(distance(one, other)), seconds_of(half_)));
    }

    InputTrack const& reference_;
    Lap const& reference_lap_;
    InputTrack const& track_;
    Lap const& lap_;
    Ticks90k half_;
    std::size_t useful_;
};

storage::Accepted<Track> track_of(InputTrack const& input, TrackFacts const& facts) {
    Track track{.id = input.id, .segments = input.segments, .lap = nullptr};
    std::vector<Ticks90k> durations;
    durations.reserve(track.segments.size());
    for (std::size_t i = 0; i < track.segments.size(); ++i) {
        auto& segment = track.segments[i];
        segment.duration = settled(segment.duration, facts.measured[i]);
        if (segment.duration <= Ticks90k::zero())
            return storage::refused(
                fmt::format("{}: segment {} ({}) has no duration", input.label, i, segment.uri));
        durations.push_back(segment.duration);
    }
    track.lap = std::make_shared<Lap const>(durations, discontinuities_of(input));
    return track;
}

void shorten(Track& track, std::size_t count) {
    if (track.segments.size() == count) return;
    track.segments.resize(count);
    std::vector<Ticks90k> durations;
    std::vector<std::size_t> discontinuities;
    for (std::size_t i = 0; i < count; ++i) {
        durations.push_back(track.lap->duration_of(i));
        if (track.lap->is_discontinuity(i)) discontinuities.push_back(i);
    }
    track.lap = std::make_shared<Lap const>(durations, std::move(discontinuities));
}

std::string file_of(std::string_view uri) {
    auto path = storage::path_of({}, uri);
    return path ? *std::move(path) : std::string();
}

std::vector<std::string> files_of(std::vector<Track> const& tracks) {
    std::vector<std::string> files;
    std::string_view newest; // parts of one file follow each other
    auto const add = [&](std::string_view uri) {
        if (uri != newest) files.push_back(file_of(uri));
        newest = uri;
    };
    for (auto const& track : tracks) {
        for (auto const& segment : track.segments)
            add(segment.uri);
        for (auto const& segment : track.segments) {
            if (segment.map) add(segment.map->uri);
            for (auto const& key : segment.keys)
                if (auto const uri = key_uri(key); !uri.empty() && !storage::has_scheme(uri))
                    add(uri);
        }
    }
    std::ranges::sort(files);
    files.erase(std::unique(files.begin(), files.end()), files.end());
    return files;
}

/// BANDWIDTH is required, and a lone playlist does not tell.
void measure_bandwidth(hls::VariantStream& variant, Track const& track, TrackFacts const& facts) {
    double bits = 0;
    for (std::size_t i = 0; i < track.segments.size(); ++i) {
        auto const size = 8 * static_cast<double>(facts.sizes_bytes[i]);
        bits += size;
        variant.bandwidth_bps =
            std::max(variant.bandwidth_bps,
                     static_cast<std::uint64_t>(size / seconds_of(track.lap->duration_of(i))) + 1);
    }
    variant.average_bandwidth_bps =
        static_cast<std::uint64_t>(bits / seconds_of(track.lap->length())) + 1;
}

std::string fingerprint_of(std::vector<Track> const& tracks) {
    std::string text;
    for (auto const& segment : tracks.front().segments)
        text += fmt::format("{} {} {}\n", segment.uri, segment.duration.count(),
                            segment.discontinuity ? 1 : 0);
    for (auto const& track : tracks)
        if (!track.begun_by.empty())
            text += fmt::format("{} has {}\n", track.id, track.segments.size());
    return server::etag_of(text);
}

} // namespace

Ticks90k settled(Ticks90k extinf, std::optional<Ticks90k> measured) noexcept {
    if (!measured || *measured == Ticks90k::zero() || *measured > longest_segment) return extinf;
    return distance(extinf, *measured) <= Ticks90k{1} ? extinf : *measured;
}

storage::Accepted<AssetPtr> assembled(Input const& input, std::vector<TrackFacts> const& facts) {
    auto asset = std::make_shared<Asset>();
    asset->master = input.master;
    asset->independent_segments = true;
    Ticks90k longest{};
    for (std::size_t i = 0; i < input.tracks.size(); ++i) {
        auto const& source = input.tracks[i];
        auto track = track_of(source, facts[i]);
        if (!track) return track.error();
        if (i > 0) {
            auto const& reference = asset->tracks.front();
            auto begun =
                Comparison(input.tracks.front(), *reference.lap, source, *track->lap).begun_by();
            if (!begun) return begun.error();
            track->begun_by = *std::move(begun);
            if (!track->begun_by.empty()) shorten(*track, track->begun_by.back());
        }
        for (std::size_t j = 0; j < track->segments.size(); ++j) {
            longest = std::max(longest, track->segments[j].duration);
            if (facts[i].measured[j] == Ticks90k::zero()) ++asset->by_extinf;
        }
        asset->version = std::max(asset->version, source.version);
        asset->independent_segments &= source.is_text || source.independent_segments;
        asset->tracks.push_back(*std::move(track));
    }
    asset->independent_segments |= input.master.independent_segments;
    asset->master.version = std::max(asset->master.version, asset->version);
    asset->target_duration = std::chrono::ceil<std::chrono::seconds>(longest);
    if (auto& first = asset->master.variants.front(); first.bandwidth_bps == 0)
        measure_bandwidth(first, asset->tracks.front(), facts.front());
    asset->files = files_of(asset->tracks);
    asset->fingerprint = fingerprint_of(asset->tracks);
    return AssetPtr(std::move(asset));
}

} // namespace continuo::pseudolive
