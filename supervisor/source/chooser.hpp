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

/// Where a source stands.
enum class State : std::uint8_t {
    idle,     ///< not needed: a better one is on air, or it is not its turn yet
    starting, ///< a run is up, but has not (or no longer) shown segments in all variants
    ready,    ///< its run delivers
    waiting,  ///< it failed; next try at `retry_at`
    finished, ///< a file that played to its end; not tried again
    failed,   ///< failed far too often; not tried again until `reset`
};

/// How a run ended, as the restart policy judges it.
struct Ended {
    std::chrono::milliseconds delay{}; ///< until it may be tried again
    bool give_way{false};              ///< it died too often for now
    bool failed{false};                ///< it died far too often
    bool finished{false};              ///< it came to its proper end
};

struct Orders {
    std::vector<std::size_t> start;
    std::vector<std::size_t> stop;

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
/// `retry_better`.
class Chooser {
public:
    Chooser(std::size_t count, std::chrono::milliseconds retry_better);

    void on_ready(std::size_t source);
    void on_stalled(std::size_t source);
    void on_ended(std::size_t source, Ended const& how, SteadyTime now);
    /// Forgets failures: all may be tried at once.
    void reset();

    /// What to start and stop now; the states already count it as done.
    Orders decide(SteadyTime now);
    /// When `decide` may answer something new by waiting alone.
    std::optional<SteadyTime> next_try() const;

    /// The source to be on air; nothing: the slate.
    std::optional<std::size_t> best() const;
    State state(std::size_t source) const { return sources_[source].state; }
    bool all_failed() const;

private:
    struct Source {
        State state{State::idle};
        SteadyTime retry_at{};
    };

    bool may_try(std::size_t source) const;
    void give_turn_after(std::size_t source);

    std::vector<Source> sources_;
    std::chrono::milliseconds retry_better_;
    std::size_t turn_{0}; ///< sources up to this one are tried
};

} // namespace continuo::source
