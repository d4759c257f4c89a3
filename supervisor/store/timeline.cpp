#include "supervisor/store/timeline.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace continuo::store {
namespace {

using std::chrono::duration_cast;
using std::chrono::nanoseconds;

/// Beyond this a run that follows is not on the same clock: its source began again somewhere else.
constexpr Ticks90k max_overlap = std::chrono::seconds{60};
/// A gap in a run's own time that is more than rounding: content is missing in every variant.
constexpr Ticks90k gap_tolerance = std::chrono::milliseconds{50};
/// Dates are brought forward to the wall clock at a discontinuity when they lag by more than this.
constexpr std::chrono::seconds date_tolerance{1};
/// The delay is pulled in by at most this part of a segment's duration, and looked at every so many
/// segments.
constexpr int slew_divisor = 20;
constexpr unsigned slack_samples = 8;

/// Which of the variants that list `path` owns it: the one in whose directory it lies; the first
/// one, where that is no longer a variant.
std::size_t owner_of(std::string const& path, std::vector<std::string> const& files,
                     std::vector<std::string> const& variants) {
    for (std::size_t variant = 0; variant < variants.size(); ++variant)
        if (files[variant] == path && path.starts_with(variants[variant] + '/')) return variant;
    return static_cast<std::size_t>(std::find(files.begin(), files.end(), path) - files.begin());
}

} // namespace

Timeline::Timeline(TimelineOptions options, Resume resume, SteadyTime now, WallTime wall)
    : options_(std::move(options))
    , retention_(options_.budget_bytes)
    , facts_(std::move(resume.variants))
    , mark_(resume.discontinuity)
    , next_number_(resume.next_number)
    , discontinuity_sequence_(resume.discontinuity_sequence)
    , started_(now)
    , wall_at_start_(wall)
    , last_listed_(now)
    , variant_listed_(options_.variants.size(), now)
    , behind_(options_.variants.size(), false) {
    facts_.resize(options_.variants.size());
    for (std::size_t i = 0; i < facts_.size(); ++i)
        facts_[i].name = options_.variants[i];
    for (auto const& segment : resume.segments) {
        list_again(segment, resume.sizes, now);
        next_date_ = segment.date + duration_cast<WallTime::duration>(segment.duration);
        breaks_ = timeline::Breaks(segment.breaks, segment.duration);
    }
    auto const until = now + listed_duration() + options_.target_duration;
    for (auto& file : resume.leftovers) {
        retention_.hold(file.bytes);
        retention_.retire(std::move(file), until);
    }
}

/// A segment that an earlier life of the channel listed.
void Timeline::list_again(contract::TimelineSegment const& segment,
                          std::map<std::string, std::uint64_t> const& sizes, SteadyTime now) {
    auto const variants = options_.variants.size();
    Listed listed{.entry = {.start = segment.start,
                            .duration = segment.duration,
                            .discontinuity = segment.discontinuity,
                            .files = std::vector<File>(variants),
                            .arrived = now},
                  .run = segment.run,
                  .number = segment.number,
                  .date = segment.date,
                  .discontinuity = segment.discontinuity,
                  .breaks = segment.breaks,
                  .filled = std::vector<bool>(variants, false)};
    for (std::size_t variant = 0; variant < variants; ++variant) {
        auto const& path = segment.files[variant];
        if (path.empty()) continue;
        auto const size = sizes.find(path);
        auto const bytes = size == sizes.end() ? 0 : size->second;
        listed.entry.files[variant] = {path, bytes};
        listed.filled[variant] = owner_of(path, segment.files, options_.variants) != variant;
        if (!listed.filled[variant]) retention_.hold(bytes);
    }
    listed_.push_back(std::move(listed));
}

RunQueue* Timeline::find(std::string const& run) {
    return const_cast<RunQueue*>(std::as_const(*this).find(run));
}

RunQueue const* Timeline::find(std::string const& run) const {
    auto const found = std::find_if(runs_.begin(), runs_.end(),
                                    [&](auto const& queue) { return queue->name() == run; });
    return found == runs_.end() ? nullptr : found->get();
}

void Timeline::open_run(std::string name, std::vector<bool> expected,
                        std::optional<Reached> continues) {
    auto run = std::make_unique<RunQueue>(std::move(name), std::move(expected));
    if (continues) {
        auto const* const before = find(continues->run);
        run->continue_from(continues->end, before == nullptr ? "" : before->name());
        if (before != nullptr && before->end() > continues->end) // its tail was listed since
            run->drop_before(*before->end() - overlap_tolerance);
    }
    runs_.push_back(std::move(run));
}

Taken Timeline::add(std::string const& name, std::size_t variant, contract::SegmentLine const& line,
                    File file, SteadyTime now) {
    auto* const run = find(name);
    if (run == nullptr) {
        unlinks_.push_back(std::move(file.path));
        return Taken::late;
    }
    retention_.hold(file.held_bytes());
    // A source that began again elsewhere shares nothing with what was seen before.
    if (auto const before = run->not_before();
        before && !run->end() && elapsed(wrapped(*before), line.start) < -max_overlap)
        run->restart_clock();
    if (join_listed(*run, variant, line, file, now)) return Taken::joined;
    if (line.end == contract::SegmentEnd::input) discard(run->drop_tail(variant));
    auto const kept = file;
    auto const taken = run->add(variant, line, std::move(file), now);
    if (taken == Taken::late || taken == Taken::misaligned)
        discard(kept);
    else
        measure(variant, line);
    if (taken == Taken::disagreed) note_disagreement(variant, line.start);
    if (taken == Taken::misaligned)
        notes_.push_back(
            fmt::format("variant \"{}\": a segment at {} begins where no sibling's does, dropped",
                        options_.variants[variant], line.start.count()));
    return taken;
}

/// A variant's own segment for a number that is on the list already.
bool Timeline::join_listed(RunQueue& run, std::size_t variant, contract::SegmentLine const& line,
                           File& file, SteadyTime now) {
    if (line.end == contract::SegmentEnd::input) return false;
    auto const start = run.unwrap(line.start);
    auto const found = std::find_if(listed_.rbegin(), listed_.rend(), [&](Listed const& listed) {
        return listed.run == run.name() && listed.entry.start == start;
    });
    if (found == listed_.rend()) return false;
    if (!merge(found->entry.cues, line.cues)) note_disagreement(variant, line.start);
    auto& own = found->entry.files[variant];
    if (!own.path.empty()) {
        // A sibling's stands there for good. Still in time for the newest number: the variant has
        // caught up.
        if (found == listed_.rbegin()) behind_[variant] = false;
        discard(std::move(file));
        run.note_taken(variant, found->entry.end());
        return true;
    }
    own = std::move(file);
    joined_ = true;
    behind_[variant] = false;
    variant_listed_[variant] = now;
    run.note_taken(variant, found->entry.end());
    measure(variant, line);
    return true;
}

void Timeline::measure(std::size_t variant, contract::SegmentLine const& line) {
    auto& facts = facts_[variant];
    auto const rate =
        static_cast<std::uint64_t>(static_cast<double>(line.bytes) * 8 / seconds_of(line.duration));
    // Short segments say little of the rate that a player sees over a target duration (RFC 8216
    // §4.3.4.2: 0.5 to 1.5 of it).
    if (2 * line.duration >= Ticks90k{options_.target_duration} || facts.bandwidth_bps == 0)
        facts.bandwidth_bps = std::max(facts.bandwidth_bps, rate);
    if (line.video.width > 0) {
        facts.width = line.video.width;
        facts.height = line.video.height;
        facts.codecs = line.video.codecs;
        if (!line.audio_codecs.empty()) facts.codecs += ',' + line.audio_codecs;
    } else if (facts.width == 0) { // a rendition of sound alone
        facts.codecs = line.audio_codecs;
    }
    if (line.video.frame_rate > 0) facts.frame_rate = line.video.frame_rate;
    // For good: players read the master once, and may come back to what it said.
    if (!line.keyframe) facts.independent_segments = false;
}

void Timeline::close_run(std::string const& name, bool tail_counts) {
    auto* const run = find(name);
    if (run == nullptr) return;
    if (!tail_counts) discard(run->drop_tails());
    run->close();
}

void Timeline::mark_restart(std::string const& name, std::size_t variant) {
    if (auto* const run = find(name)) discard(run->drop_tail(variant));
    if (options_.restart_discontinuity && name == on_air()) mark_ = true;
}

void Timeline::set_expected(std::string const& name, std::size_t variant, bool expected) {
    if (auto* const run = find(name)) run->set_expected(variant, expected);
}

bool Timeline::advance(SteadyTime now) {
    auto const joined = std::exchange(joined_, false);
    auto const listed = !held_since_ && list_due(now);
    auto const filled = !held_since_ && fill_missing(now);
    auto const changed = joined || listed || filled;
    if (changed) trim(now);
    discard_expired(now);
    drop_finished_runs();
    return changed;
}

bool Timeline::list_due(SteadyTime now) {
    bool changed = false;
    while (!air_.empty()) {
        give_way(now);
        auto* const run = find(air_.front());
        auto const wanted_at = tail_wanted_at();
        auto const is_tail = wanted_at && now >= *wanted_at;
        if (is_tail) adopt_tail(*run);
        if (run == nullptr || run->empty()) break;
        if (begins(*run) && !run->is_ready(now, options_.patience())) break;
        if (now < listing_of(*run)) break;
        auto const before = last_listed_;
        auto const duration = run->front().duration;
        list(*run, due_of(*run), now);
        // A tail puts off the slate by what there is to see in it.
        if (is_tail) last_listed_ = before + duration_cast<SteadyTime::duration>(duration);
        changed = true;
    }
    return changed;
}

/// Whether the next entry of `run` is its first on the list.
bool Timeline::begins(RunQueue const& run) const {
    return listed_.empty() || listed_.back().run != run.name();
}

/// Whether `entry` does not begin where the last segment, of the same run, ended.
bool Timeline::jumps(RunQueue const& run, Entry const& entry) const {
    if (listed_.empty() || listed_.back().run != run.name()) return false;
    auto const gap = std::chrono::abs(entry.start - listed_.back().entry.end());
    return entry.discontinuity || gap > gap_tolerance;
}

/// When the front entry of a run is due: by the clock, which a boundary or a jump of the media's
/// time sets anew.
SteadyTime Timeline::due_of(RunQueue const& run) const {
    auto const& entry = run.front();
    if (clock_ && !begins(run) && !jumps(run, entry))
        return *clock_ + duration_cast<SteadyTime::duration>(entry.end() - clock_media_);
    if (!last_due_) return entry.arrived;
    return std::max(*last_due_ + duration_cast<SteadyTime::duration>(entry.duration),
                    entry.arrived);
}

/// When it is listed, which may be before that.
SteadyTime Timeline::listing_of(RunQueue const& run) const {
    return due_of(run) - options_.lead;
}

void Timeline::list(RunQueue& run, SteadyTime due, SteadyTime now) {
    auto const first = begins(run);
    auto const jump = jumps(run, run.front());
    auto entry = run.take_front();
    auto const variants = options_.variants.size();
    Listed listed{.entry = std::move(entry),
                  .run = run.name(),
                  .number = next_number_++,
                  .date = {},
                  .discontinuity = false,
                  .breaks = {},
                  .filled = std::vector<bool>(variants, false)};
    auto const& media = listed.entry;
    auto const* const previous = listed_.empty() ? nullptr : &listed_.back();
    auto const follows = previous != nullptr && first;
    auto const exact_seam =
        follows && run.follows() == previous->run && media.start == previous->entry.end();
    auto const boundary = follows && (options_.restart_discontinuity || !exact_seam);
    auto const marked = mark_ && run.name() == on_air();
    listed.discontinuity = marked || boundary || jump || media.discontinuity;
    if (marked) mark_ = false;

    auto const lag = duration_cast<WallTime::duration>(std::max(due, media.arrived) - started_);
    auto const duration = duration_cast<WallTime::duration>(media.duration);
    auto const wall = wall_at_start_ + lag - duration;
    // Who lists ahead has viewers whose delay takes up what is late.
    auto const ahead = options_.lead > options_.lead.zero();
    if (!next_date_ || (!ahead && listed.discontinuity && wall > *next_date_ + date_tolerance))
        next_date_ = wall;
    listed.date = *next_date_;

    auto const is_late = ahead && now > due;
    if (is_late) due = now;
    if (first || jump || is_late) {
        clock_ = std::max(due, now);
        clock_media_ = media.end();
        least_slack_ = nanoseconds::max();
        slack_count_ = 0;
    }
    pull_in_delay(media, due);
    last_due_ = due;
    last_listed_ = now;
    // Dates are rounded from the sum, not summed from rounded parts: no drift.
    date_media_ = first || !date_anchor_ || listed.discontinuity ? Ticks90k{} : date_media_;
    if (date_media_ == Ticks90k{}) date_anchor_ = listed.date;
    date_media_ += media.duration;
    next_date_ = *date_anchor_ + duration_cast<WallTime::duration>(date_media_);

    mark(listed);
    for (std::size_t variant = 0; variant < variants; ++variant)
        if (!media.files[variant].path.empty()) {
            variant_listed_[variant] = now;
            behind_[variant] = false;
        }
    listed_.push_back(std::move(listed));
}

/// Segments that always wait long before they are due mean a delay that serves nobody: it is slowly
/// taken back.
void Timeline::pull_in_delay(Entry const& entry, SteadyTime due) {
    if (options_.lead > options_.lead.zero()) return;
    least_slack_ = std::min<nanoseconds>(least_slack_, due - entry.arrived);
    if (++slack_count_ < slack_samples) return;
    if (least_slack_ > options_.usual_slack + options_.patience())
        *clock_ -=
            duration_cast<SteadyTime::duration>(entry.duration) / slew_divisor * slack_samples;
    slack_count_ = 0;
    least_slack_ = nanoseconds::max();
}

} // namespace continuo::store
