#include "cli/resegment/playlists.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace continuo::cli::resegment {
namespace {

// RFC 8216 §7, and draft-pantos-hls-rfc8216bis for gaps
constexpr int version_with_byte_ranges = 4;
constexpr int version_with_gaps = 8;

Ticks90k length_of(hls::MediaPlaylist const& list) {
    Ticks90k length{};
    for (auto const& segment : list.segments)
        length += segment.duration;
    return length;
}

std::uint64_t end_of(hls::MediaPlaylist const& list) {
    return list.media_sequence + list.segments.size();
}

} // namespace

Playlists::Playlists(std::size_t variants, PlaylistRules rules)
    : rules_(std::move(rules)), lists_(variants) {
    raise_target(rules_.target_duration);
}

Result<> Playlists::resume(std::vector<std::string> const& texts) {
    for (std::size_t variant = 0; variant < lists_.size(); ++variant) {
        auto list = hls::parse_media_playlist(texts[variant]);
        if (!list)
            return fail(Errc::malformed,
                        fmt::format("{}/index.m3u8: {}", variant, list.error().context));
        list->ended = false;
        if (variant > 0 && end_of(*list) != end_of(lists_.front()))
            return fail(Errc::conflict,
                        fmt::format("{}/index.m3u8 ends before segment {}, "
                                    "0/index.m3u8 before segment {}",
                                    variant, end_of(*list), end_of(lists_.front())));
        raise_target(list->target_duration);
        lists_[variant] = std::move(*list);
    }
    raise_target(rules_.target_duration);
    auto const count = lists_.front().segments.size();
    marks_.assign(count, {});
    longest_.assign(count, length_of(lists_.front()));
    joins_ = count > 0;
    return {};
}

void Playlists::raise_target(std::chrono::seconds target) {
    rules_.target_duration = std::max(rules_.target_duration, target);
    for (auto& list : lists_)
        list.target_duration = rules_.target_duration;
}

std::uint64_t Playlists::next_number() const noexcept {
    return end_of(lists_.front());
}

std::optional<hls::WallTime> Playlists::end_date() const {
    std::optional<hls::WallTime> end;
    for (auto const& segment : lists_.front().segments) {
        if (segment.program_date_time) end = segment.program_date_time;
        if (end) *end += std::chrono::round<std::chrono::microseconds>(segment.duration);
    }
    return end;
}

void Playlists::append(ListedStep step) {
    auto const is_first = lists_.front().segments.empty() && lists_.front().media_sequence == 0;
    if (is_first)
        for (auto const& file : step.files)
            raise_target(std::chrono::round<std::chrono::seconds>(file.duration));
    auto const tags = rules_.tags.lines(step.marks);
    for (std::size_t variant = 0; variant < lists_.size(); ++variant) {
        auto& list = lists_[variant];
        auto& file = step.files[variant];
        hls::MediaSegment segment;
        segment.uri = std::move(file.uri);
        segment.duration = file.duration;
        segment.discontinuity = step.discontinuity || joins_;
        segment.program_date_time = step.date;
        segment.byte_range = file.range;
        segment.gap = file.gap;
        segment.extra_tags = tags;
        if (segment.byte_range) list.version = std::max(list.version, version_with_byte_ranges);
        if (segment.gap) list.version = std::max(list.version, version_with_gaps);
        list.segments.push_back(std::move(segment));
    }
    joins_ = false;
    if (!rules_.window) return; // nobody will ask
    marks_.push_back(std::move(step.marks));
    longest_.push_back({});
    auto const length = length_of(lists_.front());
    for (auto& longest : longest_)
        longest = std::max(longest, length);
}

std::vector<Playlists::Departed> Playlists::shorten() {
    std::vector<Departed> departed;
    while (may_lose_first()) {
        auto const& first = lists_.front();
        departed.push_back({.number = first.media_sequence,
                            .after = first.segments.front().duration + longest_.front()});
        for (auto& list : lists_) {
            if (list.segments.front().discontinuity) ++list.discontinuity_sequence;
            list.segments.erase(list.segments.begin());
            ++list.media_sequence;
        }
        marks_.pop_front();
        longest_.pop_front();
    }
    if (!departed.empty()) tell_break_again();
    return departed;
}

void Playlists::end() {
    for (auto& list : lists_)
        list.ended = true;
}

bool Playlists::may_lose_first() const {
    if (!rules_.window || lists_.front().segments.size() <= *rules_.window) return false;
    return std::ranges::all_of(lists_, [&](hls::MediaPlaylist const& list) {
        return length_of(list) - list.segments.front().duration >= 3 * rules_.target_duration;
    });
}

void Playlists::tell_break_again() {
    if (marks_.front().empty()) return;
    auto const tags = rules_.tags.first_lines(marks_.front());
    for (auto& list : lists_)
        list.segments.front().extra_tags = tags;
}

} // namespace continuo::cli::resegment
