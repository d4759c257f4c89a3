// The screening of a film that people watch together: whether they can begin, how far it is made,
// when it is over. The channel that shows it asks here, and carries out what follows.
#pragma once

#include "supervisor/channel/film_report.hpp"
#include "supervisor/child/restart_policy.hpp"
#include "supervisor/plan.hpp"
#include "supervisor/store/timeline.hpp"

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <utility>

namespace continuo::supervisor {

struct RunEnd;

/// Makes a channel with one `mpv` source the screening of a film: nothing is listed but the film,
/// there is neither slate nor another source, and it may be held and begun elsewhere. Its config's
/// `window` has to hold `read_ahead` and what viewers may still be at.
struct ScreeningOptions {
    /// What is made before it is due, at most; what is made is listed.
    std::chrono::milliseconds read_ahead{60'000};
    std::chrono::milliseconds probe_timeout{30'000}; ///< for the film's tracks to be found out
    unsigned start_segments{3};                      ///< viewers begin when so many are listed
    /// The report may have changed. Called on the loop, never from within a call of the session's.
    std::function<void()> on_change{};
};

/// Pure. Owned by its channel, whose options and timeline it looks at.
class Screening {
public:
    /// `begin`s at `position`.
    Screening(ScreeningOptions const& options, store::Timeline const& timeline,
              std::chrono::milliseconds position);

    /// What is listed from now on is the film from `position` on, also when it was over or had
    /// failed.
    void begin(std::chrono::milliseconds position);
    /// Everything is to stand still as soon as viewers could begin, or to go on.
    void want_hold(bool wanted) { wants_hold_ = wanted; }
    bool wants_hold() const { return wants_hold_ && may_begin(); }
    /// Nothing more will be made: the list ends when all of it was due.
    void finish() { over_ = true; }
    /// The list ends here, whatever is due.
    void finish_at_once() { over_ = ended_ = true; }

    /// What came of the film until a run of it ended.
    struct Brought {
        bool by_it{false}; ///< a segment of that run
        bool ever{false};  ///< of that or an earlier one
    };
    /// What the end of a run means that was not the film's: how long the next one has to wait.
    /// Nothing where none will help: it is over, and `failure` says why.
    std::optional<std::chrono::milliseconds> judge(RunEnd const& end, Brought brought,
                                                   child::Verdict const& verdict, SteadyTime now);

    bool is_over() const { return over_; }    ///< nothing more will be made
    bool has_ended() const { return ended_; } ///< the list has its end
    /// Why it is over before the film is: a sentence for people; else empty.
    std::string const& failure() const { return failure_; }
    /// How far a run that starts now may read ahead: as far as is missing.
    std::chrono::milliseconds read_ahead(SteadyTime now) const;

    /// After each look at the timeline. True when the list has come to its end.
    bool advance(SteadyTime now);
    /// When viewers are at the last picture of what is over.
    std::optional<SteadyTime> ends_at() const;
    /// Once a second: how far the film is made.
    void measure(SteadyTime now);
    /// The film and its tracks left out.
    FilmReport report(SteadyTime now) const;

private:
    bool may_begin() const;
    void note_begin(SteadyTime now);
    std::chrono::milliseconds made_until() const;

    ScreeningOptions const& options_;
    store::Timeline const& timeline_;
    bool wants_hold_{false};
    std::chrono::milliseconds start_{};        ///< of the film, at the newest `begin`
    std::uint64_t first_number_{};             ///< of what is listed since then
    std::optional<FilmReport::Point> begin_{}; ///< of that
    /// How much later viewers are at a picture than it is due.
    std::optional<SteadyTime::duration> lag_{};
    bool over_{false};
    bool ended_{false};
    std::string failure_{};
    unsigned fruitless_{}; ///< runs in a row that brought no segment
    unsigned restarts_{};  ///< of its processes
    std::deque<std::pair<SteadyTime, std::chrono::milliseconds>> made_{}; ///< once a second
};

} // namespace continuo::supervisor
