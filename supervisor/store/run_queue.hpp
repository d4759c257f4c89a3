// One source run's segments on their way into the timeline: variants' lines come in, entries of the
// whole ladder go out.
#pragma once

#include "core/base/ticks.hpp"
#include "core/contract/run_directory.hpp"

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace continuo::store {

using SteadyTime = std::chrono::steady_clock::time_point;
using WallTime = std::chrono::sys_time<std::chrono::microseconds>;

/// So much of the same may be shown twice, or be missing at an end: hardly anybody sees it.
constexpr Ticks90k overlap_tolerance = std::chrono::milliseconds{250};

/// A segment file of one variant; `path` is relative to the channel's directory, empty when there
/// is none.
struct File {
    std::string path;
    std::uint64_t bytes{};
    std::uint64_t bytes_beside{}; ///< of files that come and go with it: a film's subtitles

    std::uint64_t held_bytes() const { return bytes + bytes_beside; }
    friend bool operator==(File const&, File const&) = default;
};

/// The same span of media in all variants, identified by its start.
struct Entry {
    Ticks90k start{}; ///< unwrapped: grows beyond 2^33 within a run
    Ticks90k duration{};
    bool discontinuity{false};
    std::vector<timeline::Cue> cues{};      ///< whose splice opens it, as its lines say
    std::vector<timeline::Cue> inherited{}; ///< the same, of what it delivers again
    std::vector<File> files;                ///< one per variant
    SteadyTime arrived{};                   ///< when the first variant had it

    Ticks90k end() const { return start + duration; }
    std::vector<timeline::Cue> all_cues() const;
};

/// Adds those of `more` that are not there yet; whether the two were the same before.
bool merge(std::vector<timeline::Cue>& cues, std::vector<timeline::Cue> const& more);

/// What became of a line that was offered.
enum class Taken : std::uint8_t {
    opened,     ///< a new entry
    joined,     ///< another variant of an entry that waits in the queue
    held,       ///< the torn last one: kept until it is known what follows
    late,       ///< begins before the end of what was taken of this variant: dropped
    misaligned, ///< begins where no sibling does: dropped
    disagreed,  ///< as `joined`, but this variant names other cues than its sibling
};

/// Pure; owned by the timeline, one per run. Lines of one variant come in the order in which they
/// were written.
class RunQueue {
public:
    /// `expected[v]`: variant v is made by this run (a variant taller than the source is not).
    RunQueue(std::string name, std::vector<bool> expected);

    std::string const& name() const { return name_; }

    /// Files a finished segment of `variant`. For `Taken::late` and `misaligned` the file is not
    /// kept.
    Taken add(std::size_t variant, contract::SegmentLine const& line, File file, SteadyTime now);

    /// The start as this run's unwrapped clock has it; for finding the entry of a line among those
    /// already listed.
    Ticks90k unwrap(Ticks90k start) const;

    /// When its pictures were made, where its source tells.
    void set_made(contract::MediaDate const& made);
    std::optional<WallTime> made_at(Ticks90k time) const;

    /// A variant's segment joined an entry that has left the queue for the list.
    void note_taken(std::size_t variant, Ticks90k end);

    /// Whether the first entry may go on the list: all expected variants have it, or it has waited
    /// for `patience`.
    bool is_ready(SteadyTime now, std::chrono::milliseconds patience) const;
    /// When `is_ready` turns true by waiting alone; nothing while the queue is empty.
    std::optional<SteadyTime> ready_at(std::chrono::milliseconds patience) const;

    /// Cues of a segment at `start` that was dropped since this run delivers it again: the first
    /// entry at or after it has them too. They were told before the run began, so it need not know.
    void inherit_cues(Ticks90k start, std::vector<timeline::Cue> const& cues);

    bool empty() const { return entries_.empty(); }
    Entry const& front() const { return entries_.front(); }
    Entry take_front();
    std::deque<Entry> const& entries() const { return entries_; }

    bool expects(std::size_t variant) const { return expected_[variant]; }
    void set_expected(std::size_t variant, bool expected) { expected_[variant] = expected; }

    /// End of what was taken of `variant`: where a restarted child should go on. Nothing before its
    /// first segment.
    std::optional<Ticks90k> taken_until(std::size_t variant) const { return taken_[variant]; }

    /// End of the newest entry ever taken (the torn tail not counted).
    std::optional<Ticks90k> end() const { return end_; }

    /// This run goes on where `before` ended, on the same clock: what begins earlier was seen
    /// already and is dropped.
    void continue_from(Ticks90k end, std::string before);
    std::optional<Ticks90k> not_before() const { return not_before_; }
    /// The run that it goes on from; empty when its clock is its own.
    std::string const& follows() const { return follows_; }
    void restart_clock();

    /// Nothing more will come.
    void close() { closed_ = true; }
    bool closed() const { return closed_; }

    /// Drops what begins before `start`, now and later; returns the files of what is queued.
    std::vector<File> drop_before(Ticks90k start);
    /// Whether the entry behind the first one is there, in all variants that are made.
    bool has_complete_second() const;
    /// Drops everything; returns the files.
    std::vector<File> clear();

    /// The torn last segments, as one entry; nothing when there are none. Its duration is the
    /// longest; a variant whose own is clearly shorter has no file.
    std::optional<Entry> tail() const;
    /// A torn segment counts only when the source itself ended: forget this variant's (its child
    /// was killed).
    std::vector<File> drop_tail(std::size_t variant);
    std::vector<File> drop_tails();
    /// Makes the tail an ordinary entry of `duration` at the end of the queue.
    void adopt_tail(Ticks90k duration);

private:
    struct Tail {
        Ticks90k start{};
        Ticks90k duration{};
        bool discontinuity{false};
        std::vector<timeline::Cue> cues;
        File file;
        SteadyTime arrived{};
    };

    bool is_complete(Entry const& entry) const;

    std::string name_;
    std::vector<bool> expected_;
    std::deque<Entry> entries_;
    std::vector<std::optional<Ticks90k>> taken_;
    std::vector<std::optional<Tail>> tails_;
    std::optional<Ticks90k> reference_; ///< the newest start, for unwrapping
    std::optional<Ticks90k> end_;
    std::optional<Ticks90k> not_before_;
    std::optional<contract::MediaDate> made_; ///< its PTS unwrapped
    std::string follows_;
    bool closed_{false};
};

} // namespace continuo::store
