#include "supervisor/channel/screening.hpp"

#include "supervisor/channel/screening_failure.hpp"
#include "supervisor/run/film.hpp"
#include "supervisor/run/run.hpp"

#include <algorithm>

namespace continuo::supervisor {
namespace {

using std::chrono::milliseconds;
using namespace std::chrono_literals;

/// Left out of what is read ahead: the segmenter counts from the first picture, the list from the
/// first segment, and what is encoded comes in bursts.
milliseconds slack(ScreeningOptions const& options) {
    return std::min<milliseconds>(4s, options.read_ahead / 4);
}
/// The least that a run reads ahead.
constexpr milliseconds least_read_ahead = 1s;
/// So many runs in a row may bring nothing.
constexpr unsigned tries = 3;
constexpr auto speed_window = 10s;
/// A little later than that, what is due may still be on its way.
constexpr auto starving_after = 500ms;

} // namespace

Screening::Screening(ScreeningOptions const& options, store::Timeline const& timeline,
                     milliseconds position)
    : options_(options), timeline_(timeline) {
    begin(position);
}

void Screening::begin(milliseconds position) {
    start_ = position;
    first_number_ = timeline_.next_number();
    begin_.reset();
    lag_.reset();
    over_ = ended_ = false;
    failure_.clear();
    fruitless_ = 0;
    made_.clear();
}

/// Whether viewers have enough to begin with.
bool Screening::may_begin() const {
    return over_ || timeline_.next_number() - first_number_ >= options_.start_segments;
}

std::optional<milliseconds> Screening::judge(RunEnd const& end, Brought brought,
                                             child::Verdict const& verdict, SteadyTime now) {
    fruitless_ = brought.by_it ? 0 : fruitless_ + 1;
    ++restarts_;
    // What never showed anything will not by being asked again; what has nothing where it broke
    // off is asked twice, since mpv now and then loses its place in a file whose index is missing.
    auto const tries_of_it = end.broke_off ? 2 : !brought.ever && !end.killed ? 1 : tries;
    if (end.hopeless || verdict.slow || fruitless_ >= tries_of_it) {
        over_ = true;
        failure_ = failure_in_words(end.why);
        return std::nullopt;
    }
    auto const room = options_.read_ahead - slack(options_) - least_read_ahead;
    return std::max(verdict.delay, timeline_.ahead(now) - room);
}

milliseconds Screening::read_ahead(SteadyTime now) const {
    auto const wanted = options_.read_ahead - slack(options_);
    return std::max(wanted - timeline_.ahead(now), least_read_ahead);
}

bool Screening::advance(SteadyTime now) {
    if (!begin_)
        if (auto const place = timeline_.place_of(first_number_))
            begin_ = {.date = place->date, .position = position_in_film(place->start)};
    if (!lag_ && may_begin()) note_begin(now);
    auto const end = ends_at();
    if (!end || now < *end) return false;
    ended_ = true;
    return true;
}

/// Viewers begin now, with the first picture on the list.
void Screening::note_begin(SteadyTime now) {
    auto const due = timeline_.last_due();
    if (!begin_ || !due) return;
    auto const newest = timeline_.place_of(timeline_.next_number() - 1);
    auto const length = newest->date - begin_->date + newest->duration;
    lag_ = now - (*due - std::chrono::duration_cast<SteadyTime::duration>(length));
}

std::optional<SteadyTime> Screening::ends_at() const {
    if (!over_ || ended_ || timeline_.is_held() || timeline_.waiting() > 0ms) return std::nullopt;
    auto const due = timeline_.last_due();
    if (!due) return std::nullopt;
    return *due + lag_.value_or(SteadyTime::duration::zero());
}

/// How far the film is made, of the film.
milliseconds Screening::made_until() const {
    auto const next = timeline_.next_number();
    auto const newest = next > first_number_ ? timeline_.place_of(next - 1) : std::nullopt;
    auto const listed = newest ? position_in_film(newest->start + newest->duration) : start_;
    return listed + timeline_.waiting();
}

void Screening::measure(SteadyTime now) {
    made_.emplace_back(now, made_until());
    while (made_.front().first + speed_window < now)
        made_.pop_front();
}

FilmReport Screening::report(SteadyTime now) const {
    FilmReport report;
    report.phase = !failure_.empty() ? FilmReport::Phase::failed
                   : ended_          ? FilmReport::Phase::ended
                   : may_begin()     ? FilmReport::Phase::playing
                                     : FilmReport::Phase::opening;
    report.why = failure_;
    report.begin = begin_;
    auto const newest = timeline_.place_of(timeline_.next_number() - 1);
    if (begin_ && newest) {
        auto const end = newest->start + newest->duration;
        auto const length = std::chrono::duration_cast<std::chrono::microseconds>(newest->duration);
        report.listed_until = {.date = newest->date + length, .position = position_in_film(end)};
    }
    report.buffered = made_until();
    if (made_.size() > 1 && !timeline_.is_held()) {
        std::chrono::duration<double> const passed = made_.back().first - made_.front().first;
        std::chrono::duration<double> const made = made_.back().second - made_.front().second;
        report.speed = made / passed;
    }
    auto const due = timeline_.last_due();
    report.starves = due && !over_ && !timeline_.is_held() && now > *due + starving_after;
    report.restarts = restarts_;
    return report;
}

} // namespace continuo::supervisor
