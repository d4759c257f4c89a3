#include "core/hls/rules/ladder_rules.hpp"

#include "core/hls/rules/cue_rules.hpp"
#include "core/hls/rules/update_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace continuo::hls::rules {
namespace {

/// A live origin learns its peaks as it goes; what is less than a percent above the last one known
/// is no news to a player.
constexpr double bandwidth_slack = 1.01;
/// Segments of sound begin up to two frames beside those of the video.
constexpr std::chrono::milliseconds same_date{100};

bool is_live(Stream const& stream) noexcept {
    return stream.watch.state() == PlaylistState::live;
}

bool has_dates(MediaPlaylist const& playlist) noexcept {
    return std::ranges::any_of(playlist.segments, [](MediaSegment const& segment) {
        return segment.program_date_time.has_value();
    });
}

void compare_headers(Remarks& remarks, Stream const& stream, Stream const& other) {
    auto const& mine = *stream.watch.current();
    auto const& theirs = *other.watch.current();
    if (mine.target_duration != theirs.target_duration)
        broken(remarks, 20,
               fmt::format("TARGETDURATION is {} here and {} in {}", mine.target_duration.count(),
                           theirs.target_duration.count(), other.name));
    if (!mine.segments.empty() && !theirs.segments.empty() && has_dates(mine) != has_dates(theirs))
        broken(remarks, 19,
               fmt::format("PROGRAM-DATE-TIME is {} here and {} in {}",
                           has_dates(mine) ? "present" : "absent",
                           has_dates(theirs) ? "present" : "absent", other.name));
    if (mine.server_control != theirs.server_control)
        broken(remarks, 22,
               fmt::format("SERVER-CONTROL is \"{}\" here and \"{}\" in {}",
                           mine.server_control.value_or(""), theirs.server_control.value_or(""),
                           other.name));
}

/// Whether one number may stand for two times: a rendition may be cut otherwise than the video.
bool counts_otherwise(Stream const& stream, Stream const& other) noexcept {
    return stream.kind != StreamKind::variant || other.kind != StreamKind::variant;
}

/// Whether segments of one number are not meant for one time: their dates say so.
bool are_dated_apart(SegmentRecord const& mine, SegmentRecord const& theirs,
                     std::chrono::microseconds tolerance) noexcept {
    return mine.date && theirs.date && std::chrono::abs(*mine.date - *theirs.date) > tolerance;
}

void compare_discontinuity_numbers(Remarks& remarks, Stream const& stream, Stream const& other) {
    for (auto const& [number, mine] : stream.log.records()) {
        auto const* theirs = other.log.find(number);
        if (!theirs || theirs->discontinuity_number == mine.discontinuity_number) continue;
        if (counts_otherwise(stream, other) && are_dated_apart(mine, *theirs, same_date)) continue;
        broken(remarks, 20,
               fmt::format("segment {} has discontinuity sequence number {} here and {} in {}",
                           number, mine.discontinuity_number, theirs->discontinuity_number,
                           other.name));
        return; // all that follow differ for the same reason
    }
}

/// One break at one number in all variants. The head of a list may say more than the segment does
/// elsewhere.
void compare_cues(Remarks& remarks, Stream const& stream, Stream const& other) {
    if (stream.kind != StreamKind::variant || other.kind != StreamKind::variant) return;
    auto const& mine = *stream.watch.current();
    auto const& theirs = *other.watch.current();
    for (std::size_t i = 1; i < mine.segments.size(); ++i) {
        auto const number = mine.media_sequence + i;
        auto const offset = number - theirs.media_sequence;
        if (number <= theirs.media_sequence || offset >= theirs.segments.size()) continue;
        auto const& own = mine.segments[i];
        auto const& its = theirs.segments[offset];
        if (cue_tags_of(own) == cue_tags_of(its) && splice_ids_of(own) == splice_ids_of(its))
            continue;
        broken(remarks, 37,
               fmt::format("segment {} tells other breaks than in {}", number, other.name));
    }
}

/// One end of a list: the number there, and its date where the list has dates.
struct End {
    std::uint64_t number{};
    std::optional<WallTime> date;
};

/// Whether `end` lies more than one segment in front of `other`.
bool is_far_ahead(End const& end, End const& other,
                  std::optional<std::chrono::seconds> by_date) noexcept {
    if (by_date && end.date && other.date) return *end.date - *other.date > *by_date;
    return end.number > other.number + 1;
}

/// What `other` surely listed already when `stream` was asked, against what `stream` then had.
void compare_ends(Remarks& remarks, Stream const& stream, Stream const& other) {
    auto const& mine = stream.watch.glimpses().back();
    if (mine.end < stream.watch.glimpses().front().end) return; // it went back: rule 8 says so
    std::optional<std::chrono::seconds> by_date;
    if (counts_otherwise(stream, other)) by_date = stream.watch.current()->target_duration;
    for (auto const& theirs : other.watch.glimpses()) {
        if (theirs.at > mine.asked) continue;
        if (is_far_ahead({theirs.end, theirs.end_date}, {mine.end, mine.end_date}, by_date))
            broken(remarks, 21,
                   fmt::format("ends with segment {} while {} has {}", mine.end - 1, other.name,
                               theirs.end - 1));
        if (is_far_ahead({theirs.first, theirs.first_date}, {mine.first, mine.first_date}, by_date))
            broken(remarks, 21,
                   fmt::format("begins with segment {} while {} begins with {}", mine.first,
                               other.name, theirs.first));
    }
}

void compare_times(Remarks& remarks, Stream const& stream, SegmentRecord const& mine,
                   Stream const& other, SegmentRecord const& theirs) {
    bool const is_rendition = counts_otherwise(stream, other);
    auto const frame = std::max(frame_of(*mine.facts), frame_of(*theirs.facts));
    auto const off = elapsed(*theirs.facts->start, *mine.facts->start);
    auto const tolerance = std::chrono::duration_cast<std::chrono::microseconds>(frame);
    bool const other_time = is_rendition && are_dated_apart(mine, theirs, tolerance);
    if (!other_time && (off > frame || -off > frame)) {
        broken(remarks, is_rendition ? 22 : 20,
               fmt::format("segment {} starts at PTS {} here and at {} in {} ({:+.3f} s)",
                           mine.number, mine.facts->start->count(), theirs.facts->start->count(),
                           other.name, seconds_of(off)));
        return;
    }
    if (!mine.date || !theirs.date) return;
    if (mine.discontinuity_number != theirs.discontinuity_number) return; // another clock
    auto const date_off =
        std::chrono::duration_cast<std::chrono::microseconds>(*mine.date - *theirs.date - off);
    if (std::chrono::abs(date_off) > tolerance)
        broken(remarks, 19,
               fmt::format(
                   "segment {} has a date {:+.1f} ms off the one in {} for the same media time",
                   mine.number, std::chrono::duration<double, std::milli>(date_off).count(),
                   other.name));
}

/// "avc1.64001f,mp4a.40.2" -> {"avc1", "mp4a"}: the formats, whatever their profiles.
std::set<std::string> formats_of(std::string_view codecs) {
    std::set<std::string> formats;
    while (!codecs.empty()) {
        auto const comma = codecs.find(',');
        auto codec = codecs.substr(0, comma);
        codec.remove_prefix(std::min(codec.find_first_not_of(' '), codec.size()));
        formats.emplace(codec.substr(0, codec.find('.')));
        codecs = comma == std::string_view::npos ? std::string_view{} : codecs.substr(comma + 1);
    }
    return formats;
}

/// Several names of the same format: in different packaging, or written in two ways.
std::string family_of(std::string const& format) {
    if (format == "avc3") return "avc1";
    if (format == "hev1") return "hvc1";
    if (format == "Opus") return "opus";
    if (format == "fLaC") return "flac";
    return format;
}

void check_codecs(Remarks& remarks, Stream const& stream, VariantStream const& declared) {
    if (declared.codecs.empty()) return;
    std::set<std::string> listed;
    for (auto const& format : formats_of(declared.codecs))
        listed.insert(family_of(format));
    std::set<std::string> missing;
    for (auto const& [number, record] : stream.log.records()) {
        if (!record.facts) continue;
        for (auto const* codecs : {&record.facts->video_codecs, &record.facts->audio_codecs})
            for (auto const& format : formats_of(*codecs))
                if (!listed.contains(family_of(format))) missing.insert(*codecs);
    }
    for (auto const& codecs : missing)
        broken(remarks, 6,
               fmt::format("segments hold {}, CODECS is \"{}\"", codecs, declared.codecs));
}

std::uint64_t peak_of_group(std::span<Stream const> streams, std::string_view group,
                            std::span<Rendition const> renditions,
                            std::chrono::seconds target_duration) {
    std::uint64_t peak = 0;
    if (group.empty()) return peak;
    for (auto const& stream : streams)
        if (stream.kind == StreamKind::rendition && stream.group == group &&
            std::ranges::any_of(renditions, [&](Rendition const& rendition) {
                return rendition.uri == stream.uri;
            }))
            peak = std::max(peak, peak_bit_rate(stream.log, target_duration));
    return peak;
}

} // namespace

Remarks check_lists(std::span<Stream const> streams, std::size_t index) {
    Remarks remarks;
    auto const& stream = streams[index];
    if (!is_live(stream) || stream.kind == StreamKind::subtitles) return remarks;
    for (auto const& other : streams) {
        if (&other == &stream || !is_live(other) || other.kind == StreamKind::subtitles) continue;
        compare_ends(remarks, stream, other);
        if (&other > &stream) continue; // what is equal is compared once a pair
        compare_headers(remarks, stream, other);
        compare_discontinuity_numbers(remarks, stream, other);
        compare_cues(remarks, stream, other);
    }
    return remarks;
}

Remarks check_matching(std::span<Stream const> streams, std::size_t index, std::uint64_t number) {
    Remarks remarks;
    auto const has_start = [](SegmentRecord const* record) {
        return record && record->facts && record->facts->start;
    };
    auto const& stream = streams[index];
    auto const* mine = stream.log.find(number);
    if (!has_start(mine)) return remarks;
    for (auto const& other : streams) {
        auto const* theirs = &other == &stream ? nullptr : other.log.find(number);
        if (!has_start(theirs)) continue;
        compare_times(remarks, stream, *mine, other, *theirs);
        break; // with one they all agree, or each says for itself
    }
    return remarks;
}

Remarks check_variant(std::span<Stream const> streams, std::size_t index,
                      VariantStream const& declared, std::span<Rendition const> renditions) {
    Remarks remarks;
    auto const& stream = streams[index];
    if (!stream.watch.current()) return remarks;
    auto const target_duration = stream.watch.current()->target_duration;
    auto const own = peak_bit_rate(stream.log, target_duration);
    auto const peak = own + peak_of_group(streams, declared.audio, renditions, target_duration);
    if (own > 0 &&
        static_cast<double>(peak) > bandwidth_slack * static_cast<double>(declared.bandwidth_bps))
        broken(remarks, 6,
               fmt::format("BANDWIDTH is {}, the peak measured is {} bit/s", declared.bandwidth_bps,
                           peak));
    check_codecs(remarks, stream, declared);
    return remarks;
}

std::uint64_t peak_bit_rate(SegmentLog const& log, std::chrono::seconds target_duration) {
    double peak = 0;
    auto const target = seconds_of(target_duration);
    auto const& records = log.records();
    for (auto first = records.begin(); first != records.end(); ++first) {
        double bits = 0;
        double seconds = 0;
        auto expected = first->first;
        for (auto last = first;
             last != records.end() && last->first == expected && last->second.content;
             ++last, ++expected) {
            bits += 8.0 * static_cast<double>(last->second.content->bytes);
            seconds += seconds_of(last->second.listed.duration);
            if (seconds > 1.5 * target) break;
            if (seconds >= 0.5 * target) peak = std::max(peak, bits / seconds);
        }
    }
    return static_cast<std::uint64_t>(peak);
}

} // namespace continuo::hls::rules
