// What the timeline answers: the snapshot, deadlines, what it still needs.
#include "supervisor/store/timeline.hpp"

#include <algorithm>
#include <utility>

namespace continuo::store {

using std::chrono::duration_cast;

std::optional<Reached> Timeline::end_of(std::string const& name) const {
    auto const* const run = find(name);
    if (run == nullptr || !run->end()) return std::nullopt;
    return Reached{.run = name, .end = *run->end()};
}

bool Timeline::is_ready(std::string const& name, SteadyTime now) const {
    auto const* const run = find(name);
    return run != nullptr && run->is_ready(now, options_.patience());
}

std::optional<Ticks90k> Timeline::taken_until(std::string const& name, std::size_t variant) const {
    auto const* const run = find(name);
    if (run == nullptr) return std::nullopt;
    auto const end = run->taken_until(variant);
    if (!end) return std::nullopt;
    return wrapped(*end);
}

/// When the next segment is listed, as far as waiting alone decides it.
std::optional<SteadyTime> Timeline::next_listing() const {
    auto const* run = find(air_.front());
    auto const exhausted = run == nullptr || run->empty();
    if (exhausted && air_.size() > 1) run = find(air_[1]);
    if (run == nullptr || run->empty()) return std::nullopt;
    auto const listing = listing_of(*run);
    return begins(*run) ? std::max(listing, *run->ready_at(options_.patience())) : listing;
}

std::optional<SteadyTime> Timeline::next_deadline() const {
    std::optional<SteadyTime> next = retention_.next_expiry();
    auto const consider = [&](std::optional<SteadyTime> time) {
        if (time && (!next || *time < *next)) next = time;
    };
    if (held_since_) return next;
    if (!air_.empty()) consider(next_listing());
    consider(tail_wanted_at());
    for (std::size_t variant = 0; variant < options_.variants.size(); ++variant)
        if (!listed_.empty() && !behind_[variant] &&
            listed_.back().entry.files[variant].path.empty())
            consider(variant_listed_[variant] + options_.patience());
    return next;
}

contract::ChannelSnapshot Timeline::timeline_only() const {
    contract::ChannelSnapshot snapshot{.channel = options_.channel,
                                       .target_duration = options_.target_duration,
                                       .window = options_.window,
                                       .discontinuity_sequence = discontinuity_sequence_,
                                       .ended = false,
                                       .variants = facts_,
                                       .segments = {},
                                       .state = {}};
    for (auto const& listed : listed_) {
        contract::TimelineSegment segment{.number = listed.number,
                                          .start = wrapped(listed.entry.start),
                                          .duration = listed.entry.duration,
                                          .date = listed.date,
                                          .discontinuity = listed.discontinuity,
                                          .run = listed.run,
                                          .files = {},
                                          .breaks = listed.breaks};
        for (auto const& file : listed.entry.files)
            segment.files.push_back(file.path);
        snapshot.segments.push_back(std::move(segment));
    }
    return snapshot;
}

contract::ChannelSnapshot Timeline::snapshot() const {
    auto snapshot = timeline_only();
    for (std::size_t variant = 0; variant < facts_.size(); ++variant) {
        std::uint64_t bytes = 0;
        Ticks90k duration{};
        for (auto const& listed : listed_) {
            if (listed.filled[variant] || listed.entry.files[variant].bytes == 0) continue;
            bytes += listed.entry.files[variant].bytes;
            duration += listed.entry.duration;
        }
        if (duration > Ticks90k::zero())
            snapshot.variants[variant].average_bandwidth_bps =
                static_cast<std::uint64_t>(static_cast<double>(bytes) * 8 / seconds_of(duration));
    }
    return snapshot;
}

std::uint64_t Timeline::discontinuity_sequence_at_end() const {
    auto const tags = std::count_if(listed_.begin(), listed_.end(),
                                    [](Listed const& listed) { return listed.discontinuity; });
    return discontinuity_sequence_ + static_cast<std::uint64_t>(tags);
}

std::optional<std::string> Timeline::listed_file(std::uint64_t number, std::size_t variant) const {
    if (listed_.empty() || number < listed_.front().number || number >= next_number_)
        return std::nullopt;
    return listed_[number - listed_.front().number].entry.files[variant].path;
}

std::optional<Timeline::Place> Timeline::place_of(std::uint64_t number) const {
    if (listed_.empty() || number < listed_.front().number || number >= next_number_)
        return std::nullopt;
    auto const& listed = listed_[number - listed_.front().number];
    return Place{
        .date = listed.date, .start = listed.entry.start, .duration = listed.entry.duration};
}

std::chrono::milliseconds Timeline::waiting() const {
    Ticks90k sum{};
    for (auto const& name : air_)
        if (auto const* const run = find(name))
            for (auto const& entry : run->entries())
                sum += entry.duration;
    return duration_cast<std::chrono::milliseconds>(sum);
}

bool Timeline::uses(std::string_view directory) const {
    auto const below = [&](Entry const& entry) {
        return std::any_of(entry.files.begin(), entry.files.end(), [&](File const& file) {
            return std::string_view(file.path).starts_with(directory);
        });
    };
    if (retention_.keeps_any_below(directory)) return true;
    for (auto const& listed : listed_)
        if (below(listed.entry)) return true;
    for (auto const& run : runs_) {
        if (std::any_of(run->entries().begin(), run->entries().end(), below)) return true;
        if (auto const tail = run->tail(); tail && below(*tail)) return true;
    }
    return false;
}

std::vector<std::string> Timeline::take_unlinks() {
    return std::exchange(unlinks_, {});
}

std::vector<std::string> Timeline::take_notes() {
    return std::exchange(notes_, {});
}

} // namespace continuo::store
