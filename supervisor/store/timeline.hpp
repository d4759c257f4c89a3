// The channel's timeline: which segment has which number, when it is listed, and what stands in its
// playlists. Runs feed it, the snapshot comes out of it. A boundary, a discontinuity, a number
// holds for all variants at once.
#pragma once

#include "core/contract/channel_snapshot.hpp"
#include "supervisor/store/retention.hpp"
#include "supervisor/store/run_queue.hpp"

#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace continuo::store {

struct TimelineOptions {
    std::string channel;
    std::vector<std::string> variants; ///< names, best first
    std::chrono::seconds target_duration{};
    unsigned window{};
    std::uint64_t budget_bytes{};
    bool restart_discontinuity{true};
    bool cue_discontinuity{false}; ///< EXT-X-DISCONTINUITY where a break begins and where it ends
    /// How long segments usually wait before they are due: as far as sources are read ahead.
    std::chrono::milliseconds usual_slack{0};
    /// So long before they are due segments are listed, if they are there: players of a film may
    /// fetch ahead. Dates tell when a segment is due, whenever it is listed, and have no gaps: what
    /// comes too late delays all that follows. No delay is taken back.
    std::chrono::milliseconds lead{0};

    /// How long viewers wait for a new segment before something else is listed: they must not
    /// wait 1.5 target durations.
    std::chrono::milliseconds patience() const {
        return std::chrono::milliseconds(target_duration) * 5 / 4;
    }
};

/// Where an earlier life of the channel ended.
struct Resume {
    std::uint64_t next_number{};
    std::uint64_t discontinuity_sequence{}; ///< of a list that starts with `segments[0]`
    bool discontinuity{
        false}; ///< there was an earlier life: the first new segment begins something else
    std::vector<contract::TimelineSegment> segments{}; ///< still listed
    std::map<std::string, std::uint64_t> sizes{};      ///< bytes of the files of `segments`
    std::vector<contract::VariantFacts> variants{};
    std::vector<File>
        leftovers{}; ///< files of earlier lists, to be kept as long as any that leave now
};

/// A segment on the list at which breaks begin or end, or that cues speak of.
struct ListedCues {
    std::uint64_t number{};
    std::vector<timeline::Cue> cues;
    std::vector<timeline::BreakMark> marks; ///< `cont` left out
};

/// How far a run came, for the next one of the same source.
struct Reached {
    std::string run;
    Ticks90k end{}; ///< unwrapped; a torn tail counts once it is to be listed
};

/// Pure: every function that needs the time gets it. Owned by the channel.
///
/// A segment is listed when its media time has passed on the channel's clock: the first of a run
/// when all variants have it, each later one its duration after the one before. So bursts, loops
/// and switches all come out at the pace of real time.
class Timeline {
public:
    Timeline(TimelineOptions options, Resume resume, SteadyTime now, WallTime wall);

    /// A new source run that may feed the channel. `continues`: where the run before it of the same
    /// source ended (`end_of`), if that source keeps its clock over restarts; what begins earlier,
    /// or in a tail that was listed since, was taken before.
    void open_run(std::string name, std::vector<bool> expected, std::optional<Reached> continues);
    std::optional<Reached> end_of(std::string const& run) const;

    /// A finished segment of `variant` in `run`. What is not kept is handed out by `take_unlinks`.
    Taken add(std::string const& run, std::size_t variant, contract::SegmentLine const& line,
              File file, SteadyTime now);

    /// The next segments come from `run`, with a discontinuity. `drain`: what waits of the run on
    /// air is listed before; else it is dropped, and what `run` has of the time that was shown
    /// already.
    void put_on_air(std::string const& run, bool drain);

    /// When the pictures of `run` were made; so two runs can be laid side by side.
    void set_made(std::string const& run, contract::MediaDate const& made);
    /// When what follows the list was made, as it will be at the last boundary before `ready`:
    /// there a stream has to begin that will be ready then and replace the one on air. Nothing
    /// where its source does not tell.
    std::optional<WallTime> made_next(SteadyTime ready) const;
    /// Whether the list has come to where `run` begins, so that it may take over without leaving
    /// content out. True where neither tells when it was made, or nothing more comes to wait for.
    bool has_reached(std::string const& run, SteadyTime now) const;

    /// Whether `run`, which may have been on air before, could be put there now with something that
    /// was not shown yet.
    bool has_news(std::string const& run, SteadyTime now) const;

    /// Nothing more will come of `run`. Its torn tail waits for the run that follows, if
    /// `tail_counts`.
    void close_run(std::string const& run, bool tail_counts);

    /// `variant` of `run` was restarted: one discontinuity at the first number that no variant
    /// lists, in all of them.
    void mark_restart(std::string const& run, std::size_t variant);

    /// Whether `run` has its first segment in all variants that it makes.
    bool is_ready(std::string const& run, SteadyTime now) const;

    /// What waits is dropped. What goes on air next is due when it comes, behind a discontinuity.
    void break_off();
    /// Nothing follows `run`: its torn tail is a segment like others.
    void finish(std::string const& run);

    /// The clock stands still from now on: nothing is listed, nobody is late. What comes waits.
    void hold(SteadyTime now);
    /// The clock goes on; the dates do as if it had never stood.
    void release(SteadyTime now);
    bool is_held() const { return held_since_.has_value(); }
    std::optional<SteadyTime> held_since() const { return held_since_; }

    /// Lists what is due, fills what is missing, lets go what is old. True if the snapshot changed.
    bool advance(SteadyTime now);
    /// When `advance` should be called again though nothing else happens.
    std::optional<SteadyTime> next_deadline() const;

    contract::ChannelSnapshot snapshot() const;

    TimelineOptions const& options() const { return options_; }
    /// The run that the newest segment on the list comes from; empty when there is none.
    std::string newest_run() const { return listed_.empty() ? std::string{} : listed_.back().run; }
    /// The path of a listed segment; empty while its variant has none, nothing when `number` is not
    /// on the list.
    std::optional<std::string> listed_file(std::uint64_t number, std::size_t variant) const;
    std::string on_air() const { return air_.empty() ? std::string{} : air_.back(); }
    /// Where a listed segment lies in time; nothing when `number` is not on the list.
    struct Place {
        WallTime date{};
        Ticks90k start{}; ///< on its run's clock, unwrapped
        Ticks90k duration{};
    };
    std::optional<Place> place_of(std::uint64_t number) const;
    /// When the newest segment on the list is due; nothing when the next is due as it comes.
    std::optional<SteadyTime> last_due() const { return last_due_; }
    /// How much there is, listed or waiting, that is not due yet.
    std::chrono::milliseconds ahead(SteadyTime now) const;
    /// When a segment was last listed (the start of the timeline before the first).
    SteadyTime last_listed() const { return last_listed_; }
    std::uint64_t next_number() const { return next_number_; }
    std::uint64_t discontinuity_sequence_at_end() const;
    /// 33-bit PTS that a restarted child of `variant` should begin with.
    std::optional<Ticks90k> taken_until(std::string const& run, std::size_t variant) const;
    void set_expected(std::string const& run, std::size_t variant, bool expected);
    /// The break that what is listed and what waits behind it end in; `elapsed` counts to there.
    std::optional<timeline::BreakMark> open_break() const;
    /// Where that is on the clock of the run on air, 33 bit; nothing before its first segment.
    std::optional<Ticks90k> newest_end() const;
    /// Whether a segment that is not listed yet brings such a cue.
    bool awaits(std::function<bool(timeline::Cue const&)> const& is_wanted) const;
    /// What was listed since the last call.
    std::vector<ListedCues> take_listed_cues() { return std::exchange(listed_cues_, {}); }
    std::uint64_t held_bytes() const { return retention_.held_bytes(); }

    /// How much of what is on air, or follows it there, is not listed yet.
    std::chrono::milliseconds waiting() const;

    /// Files that nothing refers to any more.
    std::vector<std::string> take_unlinks();
    /// Whether any file below `directory` ("720p/18c2f3a9b01/") is still waiting, listed or kept.
    bool uses(std::string_view directory) const;
    /// What an operator should know: one line each.
    std::vector<std::string> take_notes();

private:
    struct Listed {
        Entry entry;
        std::string run;
        std::uint64_t number{};
        WallTime date{};
        bool discontinuity{false};
        std::vector<timeline::BreakMark> breaks;
        std::vector<bool> filled; ///< the file is a sibling's
    };

    void list_again(contract::TimelineSegment const& segment,
                    std::map<std::string, std::uint64_t> const& sizes, SteadyTime now);
    RunQueue* find(std::string const& run);
    RunQueue const* find(std::string const& run) const;
    void discard(std::vector<File> files);
    void discard(File file);
    bool join_listed(RunQueue& run, std::size_t variant, contract::SegmentLine const& line,
                     File& file, SteadyTime now);
    void measure(std::size_t variant, contract::SegmentLine const& line);
    void mark(Listed& listed);
    void note_disagreement(std::size_t variant, Ticks90k start);

    void take_off_air();
    void drop_what_was_shown(RunQueue& run);
    bool is_whole(Listed const& listed, RunQueue const& run) const;
    std::optional<WallTime> shown_until() const;
    bool list_due(SteadyTime now);
    void give_way(SteadyTime now);
    void settle_seam(RunQueue& before, RunQueue& next);
    std::optional<SteadyTime> tail_wanted_at() const;
    void adopt_tail(RunQueue& run);
    void list(RunQueue& run, SteadyTime due, SteadyTime now);
    std::optional<SteadyTime> next_listing() const;
    bool begins(RunQueue const& run) const;
    bool jumps(RunQueue const& run, Entry const& entry) const;
    SteadyTime due_of(RunQueue const& run) const;
    SteadyTime listing_of(RunQueue const& run) const;
    void pull_in_delay(Entry const& entry, SteadyTime due);
    bool fill_missing(SteadyTime now);
    bool fill(Listed& listed, std::size_t variant, SteadyTime now);
    std::uint64_t first_missing(std::size_t variant) const;
    bool has_later_own(std::size_t index, std::size_t variant) const;
    void trim(SteadyTime now);
    void drop_front(SteadyTime now);
    void enforce_budget(SteadyTime now);
    bool can_spare_front() const;
    void discard_expired(SteadyTime now);
    void drop_finished_runs();
    std::chrono::nanoseconds listed_duration() const;
    contract::ChannelSnapshot timeline_only() const;

    TimelineOptions options_;
    Retention retention_;
    std::vector<std::unique_ptr<RunQueue>> runs_;
    std::deque<Listed> listed_;
    std::vector<contract::VariantFacts> facts_;

    std::deque<std::string> air_; ///< on air is the last; those before it are drained first
    bool mark_{false};   ///< the next number from the run on air begins with a discontinuity
    bool joined_{false}; ///< a late variant's segment joined the list since the last `advance`

    std::uint64_t next_number_;
    std::uint64_t discontinuity_sequence_;
    SteadyTime started_; ///< later by all the time that the clock stood still
    std::optional<SteadyTime> held_since_;
    WallTime wall_at_start_;
    std::optional<WallTime> next_date_;
    std::optional<WallTime> date_anchor_; ///< dates count from here ...
    Ticks90k date_media_{}; ///< ... by the media listed since, so that rounding never adds up
    std::optional<SteadyTime> last_due_;
    std::optional<SteadyTime> clock_; ///< when media time `clock_media_` of the run on air passes
    Ticks90k clock_media_{};
    std::chrono::nanoseconds least_slack_{};
    unsigned slack_count_{};
    SteadyTime last_listed_;
    std::vector<SteadyTime> variant_listed_; ///< when each variant's list last grew
    std::vector<bool> behind_;               ///< a sibling fills in for it until it is back
    timeline::Breaks breaks_;
    std::vector<ListedCues> listed_cues_;
    bool over_budget_noted_{false};
    std::vector<std::string> unlinks_;
    std::vector<std::string> notes_;
};

} // namespace continuo::store
