// A screen that the tests play themselves: it remembers what it was asked for and reports what it
// is told.
#pragma once

#include "supervisor/watch/screen.hpp"
#include "supervisor/watch/session.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace continuo::sessions {

/// Outlives its screen.
struct FakeFilm {
    supervisor::FilmReport report;
    std::vector<std::string> orders; ///< "watch 60000 jpn off", "hold", ...
    Result<> answer{};               ///< to `watch_from`
    bool is_gone{false};
};

class FakeScreen : public Screen {
public:
    explicit FakeScreen(std::shared_ptr<FakeFilm> film) : film_(std::move(film)) {}
    ~FakeScreen() override { film_->is_gone = true; }

    Result<> watch_from(std::chrono::milliseconds position,
                        contract::TrackChoices const& tracks) override {
        if (!film_->answer) return film_->answer;
        film_->orders.push_back("watch " + std::to_string(position.count()) + " " + tracks.audio +
                                " " + tracks.subtitle);
        film_->report.phase = supervisor::FilmReport::Phase::opening;
        film_->report.begin.reset();
        film_->report.listed_until.reset();
        film_->report.why.clear();
        return {};
    }
    void hold() override { film_->orders.emplace_back("hold"); }
    void release() override { film_->orders.emplace_back("release"); }
    void end() override { film_->orders.emplace_back("end"); }
    supervisor::FilmReport report() const override { return film_->report; }

private:
    std::shared_ptr<FakeFilm> film_;
};

/// The first segments are there: film from `position` on has the dates from `date` on.
inline void list(FakeFilm& film, WallTime date, std::chrono::milliseconds position,
                 std::chrono::milliseconds length) {
    film.report.phase = supervisor::FilmReport::Phase::playing;
    film.report.begin = {.date = date, .position = position};
    film.report.listed_until = {.date = date + length, .position = position + length};
    film.report.buffered = position + length;
}

inline constexpr WallTime test_start{std::chrono::seconds{1'800'000'000}};

} // namespace continuo::sessions
