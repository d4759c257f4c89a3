#include "core/hls/rules/update_rules.hpp"

#include "core/hls/attribute_list.hpp"
#include "core/hls/line_reader.hpp"
#include "core/hls/rules/cue_rules.hpp"
#include "core/hls/value.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace continuo::hls::rules {
namespace {

class Comparison {
public:
    Comparison(MediaPlaylist const& before, MediaPlaylist const& after)
        : before_(before), after_(after) {}

    Remarks run() {
        check_header();
        check_numbers();
        check_shared_segments();
        check_discontinuity_numbers();
        check_date_ranges();
        return std::move(remarks_);
    }

private:
    template <class... Values>
    void broken(int rule, fmt::format_string<Values...> format, Values&&... values) {
        remarks_.push_back(
            {rule, Weight::broken, fmt::format(format, std::forward<Values>(values)...)});
    }

    void check_header() {
        if (before_.target_duration != after_.target_duration)
            broken(9, "TARGETDURATION went from {} to {}", before_.target_duration.count(),
                   after_.target_duration.count());
        if (before_.version != after_.version)
            broken(9, "VERSION went from {} to {}", before_.version, after_.version);
        if (before_.independent_segments != after_.independent_segments)
            broken(9, "INDEPENDENT-SEGMENTS {}", after_.independent_segments ? "came" : "went");
    }

    void check_numbers() {
        if (after_.media_sequence < before_.media_sequence)
            broken(8, "MEDIA-SEQUENCE went from {} to {}", before_.media_sequence,
                   after_.media_sequence);
        else if (end_of(after_) < end_of(before_))
            broken(8, "segments {} to {} went from the end of the list", end_of(after_),
                   end_of(before_) - 1);
    }

    void check_shared_segments() {
        auto const first = std::max(before_.media_sequence, after_.media_sequence);
        auto const end = std::min(end_of(before_), end_of(after_));
        for (auto number = first; number < end; ++number)
            check_segment(number, before_.segments[number - before_.media_sequence],
                          after_.segments[number - after_.media_sequence]);
    }

    void check_segment(std::uint64_t number, MediaSegment const& old, MediaSegment const& now) {
        if (old.uri != now.uri) {
            // Everything else of another segment may differ, too: one finding is enough.
            broken(8, "segment {} went from {} to {}", number, old.uri, now.uri);
            return;
        }
        if (old.duration != now.duration)
            broken(8, "EXTINF of segment {} went from {} to {}", number,
                   duration_text(old.duration), duration_text(now.duration));
        if (old.byte_range != now.byte_range) broken(8, "BYTERANGE of segment {} changed", number);
        if (old.gap != now.gap)
            broken(8, "GAP of segment {} {}", number, now.gap ? "came" : "went");
        if (old.discontinuity != now.discontinuity)
            broken(8, "DISCONTINUITY of segment {} {}", number,
                   now.discontinuity ? "came" : "went");
        if (old.program_date_time != now.program_date_time)
            broken(17, "PROGRAM-DATE-TIME of segment {} went from {} to {}", number,
                   date_or_none(old.program_date_time), date_or_none(now.program_date_time));
        if (cue_tags_of(old) != cue_tags_of(now))
            broken(37, "the cues of segment {} changed", number);
        if (old.map && !now.map)
            broken(14, "MAP of segment {} went", number);
        else if (old.map != now.map)
            broken(9, "MAP of segment {} changed", number);
        if (!old.keys.empty() && now.keys.empty())
            broken(14, "KEY of segment {} went", number);
        else if (old.keys != now.keys)
            broken(8, "KEY of segment {} changed", number);
    }

    static std::string date_or_none(std::optional<WallTime> const& date) {
        return date ? date_text(*date) : "none";
    }

    /// A mark that came or went on a listed segment is rule 8's: only the header is left to judge
    /// then.
    void check_discontinuity_numbers() {
        if (after_.discontinuity_sequence < before_.discontinuity_sequence) {
            broken(10, "DISCONTINUITY-SEQUENCE went from {} to {}", before_.discontinuity_sequence,
                   after_.discontinuity_sequence);
            return;
        }
        if (std::ranges::any_of(remarks_, [](Remark const& remark) { return remark.rule == 8; }))
            return;
        auto const first = std::max(before_.media_sequence, after_.media_sequence);
        if (first >= std::min(end_of(before_), end_of(after_))) return;
        auto const old = discontinuity_numbers(before_)[first - before_.media_sequence];
        auto const now = discontinuity_numbers(after_)[first - after_.media_sequence];
        if (old != now)
            broken(10,
                   "the discontinuity sequence number of segment {} went from {} to {} "
                   "(DISCONTINUITY-SEQUENCE {})",
                   first, old, now, after_.discontinuity_sequence);
    }

    struct DateRange {
        std::string attributes;
        std::optional<WallTime> start;
    };
    using DateRanges = std::map<std::string, DateRange>;

    static DateRanges date_ranges(MediaPlaylist const& playlist) {
        DateRanges ranges;
        for (auto const& segment : playlist.segments)
            for (auto const& line : segment.extra_tags) {
                auto const tag = split_tag(line);
                if (tag.name != "#EXT-X-DATERANGE") continue;
                auto const attributes = AttributeList::parse(tag.value);
                if (!attributes) continue;
                auto const start = attributes->find("START-DATE");
                ranges.insert_or_assign(
                    attributes->text("ID"),
                    DateRange{std::string{tag.value}, start ? parse_date(*start) : std::nullopt});
            }
        return ranges;
    }

    /// An end may be added to a range; its start is what it is known by.
    void check_date_ranges() {
        auto const old_ranges = date_ranges(before_);
        if (old_ranges.empty()) return;
        auto const new_ranges = date_ranges(after_);
        for (auto const& [id, old] : old_ranges) {
            auto const found = new_ranges.find(id);
            if (found == new_ranges.end()) {
                if (old.start && lies_within(*old.start))
                    broken(14, "DATERANGE {} went while it lies within the list", id);
            } else if (old.start && found->second.start && old.start != found->second.start) {
                broken(14, "DATERANGE {} came again with another START-DATE", id);
            }
        }
    }

    bool lies_within(WallTime date) const noexcept {
        if (after_.segments.empty()) return false;
        auto const& first = after_.segments.front();
        return first.program_date_time && date >= *first.program_date_time;
    }

    MediaPlaylist const& before_;
    MediaPlaylist const& after_;
    Remarks remarks_;
};

} // namespace

std::vector<std::uint64_t> discontinuity_numbers(MediaPlaylist const& playlist) {
    std::vector<std::uint64_t> numbers;
    numbers.reserve(playlist.segments.size());
    auto number = playlist.discontinuity_sequence;
    for (auto const& segment : playlist.segments) {
        if (segment.discontinuity) ++number;
        numbers.push_back(number);
    }
    return numbers;
}

Remarks check_update(MediaPlaylist const& before, MediaPlaylist const& after) {
    return Comparison{before, after}.run();
}

} // namespace continuo::hls::rules
