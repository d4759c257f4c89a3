#include "supervisor/watch/session.hpp"
#include "tests/unit/supervisor/watch/fake_screen.hpp"

#include <doctest/doctest.h>

namespace continuo::sessions {
namespace {

using namespace std::chrono_literals;
using contract::WatchRequest;
using Action = WatchRequest::Action;
using Shown = contract::WatchState::Phase;
using Report = supervisor::FilmReport;
using Orders = std::vector<std::string>;

struct Stage {
    std::shared_ptr<FakeFilm> film{std::make_shared<FakeFilm>()};
    WallTime now{test_start};
    config::Watch config{};
    Session session{"0123", {.url = "http://h/f.mkv", .shown_url = "http://h/f.mkv"}, config, now};

    Stage() { session.show_on(std::make_unique<FakeScreen>(film)); }

    void at(std::chrono::milliseconds since_start) {
        now = test_start + since_start;
        session.settle(now);
    }
    /// Listed from 1 s after the start on, 9 s of it at 3 s: playing with a delay of 2.5 s.
    void play() {
        at(1s);
        list(*film, now, 0ms, 9s);
        film->report.phase = Report::Phase::opening;
        at(1s);
        film->report.phase = Report::Phase::playing;
        at(3s);
    }
    void list_until(std::chrono::milliseconds length) {
        auto const begin = *film->report.begin;
        film->report.listed_until = {.date = begin.date + length,
                                     .position = begin.position + length};
    }
    Result<> ask(Action action) {
        return session.apply({.action = action, .session = "0123"}, now);
    }
    Result<> seek(std::chrono::milliseconds position) {
        return session.apply({.action = Action::seek, .session = "0123", .position = position},
                             now);
    }
    Result<> choose(contract::TrackWish tracks) {
        return session.apply(
            {.action = Action::tracks, .session = "0123", .tracks = std::move(tracks)}, now);
    }
    contract::WatchState state() const { return session.state(); }
};

TEST_CASE("session: while it opens players stand at the first picture, and then go together") {
    Stage stage;
    stage.at(0s);
    CHECK(stage.state().phase == Shown::opening);
    CHECK(stage.state().note == "Looking at what is there.");
    CHECK(stage.state().anchor == std::nullopt);
    CHECK(stage.state().standing_at == std::nullopt);

    stage.play();
    auto const state = stage.state();
    CHECK(state.phase == Shown::playing);
    CHECK(state.note.empty());
    CHECK(state.anchor == test_start + 1s);
    CHECK(state.standing_at == std::nullopt);
    CHECK(state.delay == 2s + Pace::head_start); // the first picture is due half a second from now
    CHECK(state.jumps == 0);
    CHECK(state.channel == "_watch-0123");
}

TEST_CASE("session: a pause holds the picture, and its end lengthens the delay by what it took") {
    Stage stage;
    stage.play();
    stage.list_until(60s);
    stage.at(10s);
    REQUIRE(stage.ask(Action::pause).has_value());
    CHECK(stage.state().phase == Shown::paused);
    CHECK(stage.state().standing_at == test_start + 7500ms);
    stage.at(25s);
    CHECK(stage.state().standing_at == test_start + 7500ms);
    REQUIRE(stage.ask(Action::pause).has_value()); // once is enough
    REQUIRE(stage.ask(Action::resume).has_value());
    CHECK(stage.state().phase == Shown::playing);
    CHECK(stage.state().standing_at == std::nullopt);
    CHECK(stage.state().delay == 17500ms);
    REQUIRE(stage.ask(Action::resume).has_value());
    CHECK(stage.film->orders == Orders{"hold", "release"});
}

TEST_CASE("session: a seek begins elsewhere, for all, and the delay is measured anew") {
    Stage stage;
    stage.play();
    stage.list_until(60s);
    stage.at(10s);
    REQUIRE(stage.seek(600s).has_value());
    CHECK(stage.state().phase == Shown::opening);
    CHECK(stage.state().jumps == 1);
    CHECK(stage.state().anchor == std::nullopt);
    CHECK(stage.state().position == 600s);
    CHECK(stage.film->orders == Orders{"watch 600000 auto auto"});

    list(*stage.film, test_start + 11s, 600s, 9s);
    stage.at(12s);
    CHECK(stage.state().phase == Shown::playing);
    CHECK(stage.state().delay == 1500ms);
    CHECK(stage.state().position == 600s);
    CHECK(stage.state().anchor == test_start + 11s);
}

TEST_CASE("session: other tracks begin where the picture is") {
    Stage stage;
    stage.play();
    stage.list_until(60s);
    stage.at(10s); // shown: what was due at 7.5 s, 6.5 s after the first picture
    REQUIRE(stage.choose({.audio = "jpn", .subtitle = "2"}).has_value());
    CHECK(stage.film->orders == Orders{"watch 6500 jpn 2"});
    CHECK(stage.session.programme().tracks.subtitle == "2");
}

TEST_CASE("session: a kind of track that is left out stays as it was asked for, known or not") {
    Stage stage;
    REQUIRE(stage.choose({.audio = "jpn"}).has_value()); // before its tracks are known
    REQUIRE(stage.choose({.subtitle = "2"}).has_value());
    CHECK(stage.film->orders == Orders{"watch 0 jpn auto", "watch 0 jpn 2"});
}

TEST_CASE("session: other tracks after the end begin at the beginning") {
    Stage stage;
    stage.play();
    stage.list_until(60s);
    stage.film->report.phase = supervisor::FilmReport::Phase::ended;
    stage.at(90s);
    REQUIRE(stage.state().phase == Shown::ended);
    REQUIRE(stage.choose({.subtitle = "off"}).has_value());
    CHECK(stage.film->orders == Orders{"watch 0 auto off"});
    CHECK(stage.state().phase == Shown::opening);
}

TEST_CASE("session: a seek while it is paused shows the new picture, and still stands") {
    Stage stage;
    stage.play();
    REQUIRE(stage.ask(Action::pause).has_value());
    REQUIRE(stage.seek(600s).has_value());
    CHECK(stage.state().phase == Shown::opening);
    list(*stage.film, test_start + 5s, 600s, 9s);
    stage.at(6s);
    CHECK(stage.state().phase == Shown::paused);
    CHECK(stage.state().standing_at == test_start + 5s);
    stage.at(20s);
    REQUIRE(stage.ask(Action::resume).has_value());
    CHECK(stage.state().delay == 15s);
}

TEST_CASE("session: what the film refuses changes nothing") {
    Stage stage;
    stage.play();
    stage.film->answer = fail(Errc::out_of_range, "The film has no 9000.0 s.");
    auto const before = stage.state();
    auto const asked = stage.seek(9000s);
    REQUIRE_FALSE(asked.has_value());
    CHECK(asked.error().context == "The film has no 9000.0 s.");
    CHECK(stage.state() == before);
}

TEST_CASE("session: when the source is too slow all wait, and go on when there is enough again") {
    Stage stage;
    stage.play(); // listed until date 10 s, which is shown at 12.5 s
    stage.at(12s);
    CHECK(stage.state().standing_at == std::nullopt);
    CHECK(stage.session.next_deadline() == test_start + 12200ms);
    stage.at(12200ms);
    CHECK(stage.state().phase == Shown::playing);
    CHECK(stage.state().note == "Waiting for the source.");
    CHECK(stage.state().standing_at == test_start + 9700ms);
    stage.list_until(13s); // 4.3 s more: not enough
    stage.at(15s);
    CHECK(stage.state().standing_at == test_start + 9700ms);
    stage.list_until(17s);
    stage.at(16s);
    CHECK(stage.state().standing_at == std::nullopt);
    CHECK(stage.state().delay == 6300ms);
    CHECK(stage.state().note.empty());
}

TEST_CASE("session: the film is over when its last picture was seen, not when it was made") {
    Stage stage;
    stage.play();
    stage.film->report.phase = Report::Phase::ended;
    stage.at(10s);
    CHECK(stage.state().phase == Shown::playing);
    CHECK(stage.session.next_deadline() == test_start + 12500ms);
    stage.at(12499ms);
    CHECK(stage.state().phase == Shown::playing);
    stage.at(12500ms);
    CHECK(stage.state().phase == Shown::ended);
    CHECK(stage.state().note == "The film is over.");
    CHECK(stage.session.finished_at() == stage.now);
    CHECK_FALSE(stage.session.is_running());
    CHECK(stage.ask(Action::pause).error().context == "The film is over.");
}

TEST_CASE("session: from its end a film can be begun again") {
    Stage stage;
    stage.play();
    stage.film->report.phase = Report::Phase::ended;
    stage.at(13s);
    REQUIRE(stage.seek(0s).has_value());
    CHECK(stage.session.is_running());
    CHECK_FALSE(stage.session.finished_at());
    CHECK(stage.state().phase == Shown::opening);
}

TEST_CASE("session: a source that is dead fails it at once, in words") {
    Stage stage;
    stage.film->report.phase = Report::Phase::failed;
    stage.film->report.why = "The server has no such file.";
    stage.at(1s);
    CHECK(stage.state().phase == Shown::failed);
    CHECK(stage.state().note == "The server has no such file.");
}

TEST_CASE("session: where nothing more can be written that is the reason, not what it led to") {
    Stage stage;
    stage.play();
    stage.film->report.phase = Report::Phase::failed;
    stage.film->report.why = "The file ends too early.";
    stage.session.settle(stage.now, /*is_full=*/true);
    CHECK(stage.state().note == "There is no room left on this machine for more of the film.");
    stage.at(12500ms); // there may be room again by now
    CHECK(stage.state().phase == Shown::failed);
    CHECK(stage.state().note == "There is no room left on this machine for more of the film.");
    REQUIRE(stage.seek(0s).has_value());
    stage.film->report.phase = Report::Phase::failed;
    stage.film->report.why = "The file ends too early.";
    stage.at(14s);
    CHECK(stage.state().note == "The file ends too early.");
}

TEST_CASE("session: who waits for room is told so, until there is some") {
    Stage stage;
    stage.play();
    stage.session.settle(stage.now, /*is_full=*/true);
    CHECK(stage.state().note.empty());
    stage.now = test_start + 12200ms;
    stage.session.settle(stage.now, /*is_full=*/true);
    CHECK(stage.state().phase == Shown::playing);
    CHECK(stage.state().note == "There is no room left on this machine for more of the film.");
    stage.at(13s);
    CHECK(stage.state().note == "Waiting for the source.");
}

TEST_CASE("session: what was made before the source died is shown, then it has failed") {
    Stage stage;
    stage.play();
    stage.film->report.phase = Report::Phase::failed;
    stage.film->report.why = "The file ends too early.";
    stage.at(10s);
    CHECK(stage.state().phase == Shown::playing);
    CHECK(stage.state().note == "The file ends too early.");
    stage.at(12500ms);
    CHECK(stage.state().phase == Shown::failed);
}

TEST_CASE("session: it lives on the heartbeats of any viewer, and ends without") {
    Stage stage;
    stage.config.session_timeout = 45s;
    stage.play();
    stage.list_until(600s);
    stage.session.beat("anna", stage.now);
    stage.session.beat("berta", stage.now);
    stage.at(20s);
    CHECK(stage.state().viewers == 2);
    stage.session.beat("anna", stage.now);
    stage.at(50s);
    CHECK(stage.state().viewers == 1);
    stage.at(64999ms);
    CHECK(stage.session.is_running());
    stage.at(65s);
    CHECK(stage.state().phase == Shown::closed);
    CHECK(stage.state().note == "Nobody was watching any more.");
    CHECK(stage.state().viewers == 0);
    CHECK(stage.film->orders == Orders{"end"});
}

TEST_CASE("session: who leaves is not waited for, and the last one only as long as any") {
    Stage stage;
    stage.play();
    stage.list_until(600s);
    stage.session.beat("anna", stage.now);
    stage.at(30s);
    stage.session.leave("anna", stage.now);
    stage.session.leave("nobody", stage.now + 40s); // no sign of life
    CHECK(stage.state().viewers == 0);
    stage.at(74999ms);
    CHECK(stage.session.is_running());
    stage.at(75s);
    CHECK_FALSE(stage.session.is_running());
}

TEST_CASE("session: closed it stays closed, and its files are there until they are discarded") {
    Stage stage;
    stage.play();
    stage.session.close("Somebody ended it.", stage.now);
    CHECK(stage.state().phase == Shown::closed);
    CHECK(stage.film->orders == Orders{"end"});
    stage.session.close("Again.", stage.now + 1s);
    CHECK(stage.state().note == "Somebody ended it.");
    CHECK(stage.session.finished_at() == stage.now);
    CHECK(stage.seek(0s).error().code == make_error_code(Errc::conflict));
    CHECK_FALSE(stage.film->is_gone);
    stage.session.discard();
    CHECK(stage.film->is_gone);
    stage.at(20s);
    CHECK(stage.state().phase == Shown::closed);
}

TEST_CASE("session: its tracks tell which are shown") {
    Stage stage;
    using Kind = media::FilmTrack::Kind;
    stage.film->report.film = media::Film{
        .tracks = {{.kind = Kind::video, .number = 1, .codec = "h264"},
                   {.kind = Kind::audio, .number = 1, .language = "ger"},
                   {.kind = Kind::audio, .number = 2, .language = "jpn"},
                   {.kind = Kind::subtitle, .number = 1, .codec = "ass", .is_text = true}},
        .duration = 90s};
    stage.film->report.audio = 2;
    stage.at(1s);
    auto const state = stage.state();
    REQUIRE(state.tracks.size() == 4);
    CHECK(state.tracks[0].is_shown);
    CHECK_FALSE(state.tracks[1].is_shown);
    CHECK(state.tracks[2].is_shown);
    CHECK_FALSE(state.tracks[3].is_shown);
    CHECK(state.tracks[3].is_text);
    CHECK(state.duration == 90s);
    CHECK(state.note == "Starting the film.");
}

} // namespace
} // namespace continuo::sessions
