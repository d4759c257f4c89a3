// Which sources of the list run, and which of them is on air: the first one that works, the slate
// when none does.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace continuo::source {

using SteadyTime = std::chrono::steady_clock::time_point;

/// Names a source for the life of its channel: its place in the config's list, or the count of the
/// heads that a playhead has had.
using SourceId = std::size_t;

/// Where a source stands.
enum class State : std::uint8_t {
    idle,     ///< not needed: a better one is on air, or it is not its turn yet
    starting, ///< a run is up, but has not (or no longer) shown segments in all variants
    ready,    ///< its run delivers
    waiting,  ///< it failed; next try at `retry_at`
    finished, ///< a file that played to its end; not tried again
    failed,   ///< can't be used as it is; not tried again until `reset`
};

/// How a run ended, as the restart policy judges it.
struct Ended {
    std::chrono::milliseconds delay{}; ///< until it may be tried again
    bool give_way{false};              ///< it died too often for now
    bool failed{false};                ///< it can't be used as it is
    bool finished{false};              ///< it came to its proper end
    bool hurry{false}; ///< viewers are to see it now: tried again after `delay` only
};

struct Orders {
    std::vector<SourceId> start;
    std::vector<SourceId> stop;

    friend bool operator==(Orders const&, Orders const&) = default;
};

/// Pure. State x event (rows: state of source i; a dash: nothing changes):
///
///              ready    stalled        ended                  its turn, retry_at passed
///   idle       -        -              -                      starting (order: start)
///   starting   ready    (next's turn)  waiting (next's turn)  -
///   ready      -        starting       waiting (next's turn   -
///                       (next's turn)  if it has to give way)
///   waiting    -        -              -                      starting (order: start)
///   finished   -        -              -                      -
///   failed     -        -              -                      -
///
/// A run may also end as finished or failed; that too makes it the next one's turn. When source i
/// is ready, those behind it are stopped and idle, and those before it are tried every
/// `retry_better`. A new first choice may come at any time (`put_first`); what was on air stays
/// there until it is ready, and ready itself for `keep_fallback` more.
class Chooser {
public:
    /// Sources 0 to `count` - 1, the best first. `keep_fallback`: so long a source that is ready
    /// runs on behind one that got ready before it: that one may be about to die.
    Chooser(std::size_t count, std::chrono::milliseconds retry_better,
            std::chrono::milliseconds keep_fallback = {});

    void on_ready(SourceId source);
    void on_stalled(SourceId source);
    void on_ended(SourceId source, Ended const& how, SteadyTime now);
    /// Makes `source`, new or known, the first choice. Behind it stays `fallback` alone; all others
    /// are stopped and forgotten.
    void put_first(SourceId source, std::optional<SourceId> fallback);
    /// It took too long to get ready: stopped, and tried again after `retry_better`.
    void give_up(SourceId source, SteadyTime now);
    /// Forgets failures: all may be tried at once.
    void reset();

    /// What to start and stop now; the states already count it as done.
    Orders decide(SteadyTime now);
    /// When `decide` may answer something new by waiting alone.
    std::optional<SteadyTime> next_try() const;

    /// The source to be on air; nothing: the slate.
    std::optional<SourceId> best() const;
    /// `idle` for one that is not known (any more).
    State state(SourceId source) const;
    bool knows(SourceId source) const;
    bool all_failed() const;

private:
    struct Source {
        SourceId id{};
        State state{State::idle};
        SteadyTime retry_at{};
    };

    Source* find(SourceId source);
    std::optional<std::size_t> best_rank() const;
    bool may_try(std::size_t rank) const;
    void note_best(SteadyTime now);
    void give_turn_after(Source const& source);

    std::vector<Source> sources_;     ///< by rank, the best first
    std::vector<SourceId> dismissed_; ///< still to be ordered to stop
    std::chrono::milliseconds retry_better_;
    std::chrono::milliseconds keep_fallback_;
    std::optional<SourceId> best_; ///< as `decide` saw it last
    SteadyTime best_since_{};
    std::size_t turn_{0}; ///< ranks up to this one are tried
};

} // namespace continuo::source
