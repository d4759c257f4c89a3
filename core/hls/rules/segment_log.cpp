#include "core/hls/rules/segment_log.hpp"

#include "core/hls/rules/date_rules.hpp"
#include "core/hls/rules/playlist_watch.hpp"
#include "core/hls/rules/update_rules.hpp"
#include "core/hls/value.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace continuo::hls::rules {
namespace {

using namespace std::chrono_literals;

/// A segment is asked for this much before it may go, so that the answer comes in time.
constexpr auto retention_margin = 500ms;
/// Of a long list that was there before we looked, this many of the newest segments are fetched.
constexpr std::size_t backlog = 20;

MeasuredSegment measured(SegmentRecord const& record) noexcept {
    return {.number = record.number, .listed = &record.listed, .facts = &*record.facts};
}

/// Where a range without offset begins: behind the one before it, when that is of the same
/// resource.
std::optional<ByteRange> range_of(MediaSegment const& segment, SegmentRecord const* previous) {
    auto range = segment.byte_range;
    if (!range || range->offset_bytes) return range;
    bool const follows = previous && previous->range && previous->listed.uri == segment.uri;
    range->offset_bytes =
        follows ? *previous->range->offset_bytes + previous->range->length_bytes : 0;
    return range;
}

std::string resource_of(SegmentRecord const& record) {
    return record.range ? fmt::format("{} bytes {}", record.listed.uri, to_text(*record.range))
                        : record.listed.uri;
}

bool awaits_second_fetch(SegmentRecord const& record) noexcept {
    return record.due && record.content && !record.asked_again;
}

} // namespace

void SegmentLog::list(MediaPlaylist const& playlist, WallTime listed_until) {
    auto const length = length_of(playlist);
    auto const numbers = discontinuity_numbers(playlist);
    auto const dates = dates_of(playlist);
    SegmentRecord const* previous = nullptr;
    for (std::size_t i = 0; i < playlist.segments.size(); ++i) {
        auto const number = playlist.media_sequence + i;
        auto const [place, is_new] = records_.try_emplace(number);
        auto& record = place->second;
        if (is_new) {
            record.listed = playlist.segments[i];
            record.number = number;
            record.discontinuity_number = numbers[i];
            record.date = dates[i];
            record.range = range_of(record.listed, previous);
            record.listed_at_first_sight = !started_;
        }
        record.longest_list = std::max(record.longest_list, length);
        previous = &record;
    }
    for (auto place = records_.lower_bound(first_);
         place != records_.end() && place->first < playlist.media_sequence; ++place)
        start_retention(place->second, listed_until,
                        place->second.longest_list + place->second.listed.duration);
    first_ = playlist.media_sequence;
    if (playlist.independent_segments) keyframes_expected_ = true;
    version_ = playlist.version;
    started_ = true;
}

void SegmentLog::stop(WallTime listed_until) {
    if (std::exchange(stopped_, true)) return;
    for (auto place = records_.lower_bound(first_); place != records_.end(); ++place) {
        place->second.stream_over = true;
        start_retention(place->second, listed_until, place->second.longest_list);
    }
}

void SegmentLog::start_retention(SegmentRecord& record, WallTime listed_until, Ticks90k length) {
    if (!record.due)
        record.due = listed_until + std::chrono::floor<std::chrono::microseconds>(length);
}

std::vector<std::uint64_t> SegmentLog::take_new() {
    std::vector<std::uint64_t> taken;
    auto const listed =
        static_cast<std::size_t>(std::distance(records_.lower_bound(first_), records_.end()));
    std::size_t index = 0;
    for (auto place = records_.lower_bound(first_); place != records_.end(); ++place, ++index) {
        auto& record = place->second;
        if (std::exchange(record.asked, true) || record.listed.gap) continue;
        if (record.listed_at_first_sight && index > 0 && index + backlog < listed) continue;
        taken.push_back(record.number);
    }
    return taken;
}

std::vector<std::uint64_t> SegmentLog::take_due(WallTime now, bool everything) {
    std::vector<std::uint64_t> taken;
    for (auto& [number, record] : records_) {
        if (!awaits_second_fetch(record)) continue;
        if (!everything && now < *record.due - retention_margin) continue;
        record.asked_again = true;
        if (now > *record.due) continue; // too late to tell: it may have gone by now
        taken.push_back(number);
    }
    return taken;
}

std::optional<WallTime> SegmentLog::next_due() const noexcept {
    std::optional<WallTime> next;
    for (auto const& [number, record] : records_)
        if (awaits_second_fetch(record) && (!next || *record.due < *next)) next = record.due;
    return next ? std::optional{*next - retention_margin} : std::nullopt;
}

Remarks SegmentLog::saw(std::uint64_t number, Response const& response, Content const& content,
                        Result<SegmentFacts> const& facts) {
    auto& record = records_.at(number);
    auto const resource = resource_of(record);
    if (!response.ok()) {
        auto const rule = record.listed_at_first_sight ? 7 : 12;
        return {{rule, Weight::broken,
                 fmt::format("segment {} ({}) is listed and answered {}", number, resource,
                             outcome_of(response))}};
    }
    record.content = content;
    Remarks remarks;
    if (facts)
        record.facts = *facts;
    else
        broken(remarks, 4,
               fmt::format("segment {} ({}) can't be read: {}", number, resource,
                           to_text(facts.error())));
    auto const [known, is_new] = contents_.emplace(resource, content);
    if (!is_new && known->second != content)
        remarks.push_back({7, Weight::broken,
                           fmt::format("{} came a second time, as segment {}, with other content",
                                       resource, number)});
    if (response.transfer > 1s && response.transfer > record.listed.duration)
        remarks.push_back(
            {7, Weight::broken,
             fmt::format("segment {} took {:.1f} s to transfer, longer than it plays", number,
                         std::chrono::duration<double>(response.transfer).count())});
    if (record.facts) append(remarks, check_media(record));
    return remarks;
}

Remarks SegmentLog::check_media(SegmentRecord const& record) const {
    auto remarks = check_contents(measured(record), keyframes_expected_);
    auto const has_facts = [](SegmentRecord const* each) { return each && each->facts; };
    if (auto const* previous = find(record.number - 1); has_facts(previous))
        append(remarks, check_neighbours(measured(*previous), measured(record), version_));
    if (auto const* next = find(record.number + 1); has_facts(next))
        append(remarks, check_neighbours(measured(record), measured(*next), version_));
    return remarks;
}

Remarks SegmentLog::saw_again(std::uint64_t number, Response const& response,
                              Content const& content) {
    auto const& record = records_.at(number);
    auto const resource = resource_of(record);
    if (!response.ok())
        return {
            {record.stream_over ? 16 : 13, Weight::broken,
             fmt::format("segment {} ({}) answered {}, {:.1f} s before it may go", number, resource,
                         outcome_of(response), seconds_between(response.asked, *record.due))}};
    if (content != *record.content)
        return {{7, Weight::broken, fmt::format("{} has other content than at first", resource)}};
    return {};
}

Remarks SegmentLog::finish() const {
    std::vector<MeasuredSegment> segments;
    for (auto const& [number, record] : records_)
        if (record.facts) segments.push_back(measured(record));
    auto remarks = check_sums(segments, version_);
    // Of a list that goes on, the last segment's end is not known: pictures of an open GOP come
    // with the next one.
    if (stopped_ && !segments.empty()) append(remarks, check_last(segments.back(), version_));
    return remarks;
}

SegmentRecord const* SegmentLog::find(std::uint64_t number) const noexcept {
    auto const found = records_.find(number);
    return found == records_.end() ? nullptr : &found->second;
}

} // namespace continuo::hls::rules
