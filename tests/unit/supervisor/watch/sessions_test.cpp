#include "supervisor/watch/sessions.hpp"
#include "tests/unit/supervisor/watch/fake_screen.hpp"

#include <doctest/doctest.h>

namespace continuo::sessions {
namespace {

using namespace std::chrono_literals;
using contract::TrackWish;
using contract::WatchRequest;
using Action = WatchRequest::Action;
using Shown = contract::WatchState::Phase;

struct House {
    WallTime now{test_start};
    unsigned made{0};
    std::vector<std::shared_ptr<FakeFilm>> films;
    bool is_shut{false};
    config::Watch config{.max_sessions = 2, .finished_kept = 3600s};
    Sessions sessions{config,
                      {.new_id =
                           [this] {
                               auto const number = std::to_string(made++);
                               return std::string(32 - number.size(), '0') + number;
                           },
                       .screen = [this](Session const&) -> Result<std::unique_ptr<Screen>> {
                           if (is_shut)
                               return fail(Errc::unavailable, "Nothing can be fetched now.");
                           films.push_back(std::make_shared<FakeFilm>());
                           std::unique_ptr<Screen> screen =
                               std::make_unique<FakeScreen>(films.back());
                           return screen;
                       }}};

    Result<Session*> ask(WatchRequest const& request) { return sessions.answer(request, now); }
    Result<Session*> open(std::string url, std::string alias = {},
                          std::optional<TrackWish> tracks = {}) {
        return ask({.action = Action::open,
                    .session = std::move(alias),
                    .url = std::move(url),
                    .tracks = std::move(tracks)});
    }
    Result<Session*> beat(std::string const& session, std::string const& viewer) {
        return ask({.action = Action::beat, .session = session, .viewer = viewer});
    }
    Result<Session*> close(std::string const& session, bool discards = false) {
        return ask({.action = Action::close, .session = session, .discards = discards});
    }
    void at(std::chrono::milliseconds since_start) {
        now = test_start + since_start;
        sessions.settle(now);
    }
};

constexpr auto film_a = "https://films.example/a.mkv";
constexpr auto film_b = "https://films.example/b.mkv";
constexpr auto film_c = "https://films.example/c.mkv";

TEST_CASE("sessions: the same URL with the same tracks is one session") {
    House house;
    auto const first = house.open(film_a, "anna");
    REQUIRE(first.has_value());
    auto const second = house.open("HTTPS://films.example:443/a.mkv", "berta");
    REQUIRE(second.has_value());
    CHECK(*first == *second);
    CHECK((*first)->aliases() == std::vector<std::string>{"anna", "berta"});
    CHECK(house.films.size() == 1);
    CHECK(house.sessions.find("anna") == *first);
    CHECK(house.sessions.find("berta") == *first);
    CHECK(house.sessions.find((*first)->id()) == *first);
    CHECK(house.sessions.find("carla") == nullptr);

    auto const other = house.open(film_a, {}, TrackWish{.subtitle = "off"});
    REQUIRE(other.has_value());
    CHECK(*other != *first);
}

TEST_CASE("sessions: one more than there may be is refused, and taken when there is room again") {
    House house;
    REQUIRE(house.open(film_a).has_value());
    auto const second = house.open(film_b);
    REQUIRE(second.has_value());
    auto const third = house.open(film_c);
    REQUIRE_FALSE(third.has_value());
    CHECK(third.error().code == make_error_code(Errc::unavailable));
    CHECK(third.error().context == "Server is at full capacity");
    CHECK(house.open(film_a).has_value()); // joining is no more
    REQUIRE(house.close((*second)->id()).has_value());
    CHECK(house.open(film_c).has_value());
}

TEST_CASE("sessions: what is over counts no more, and needs room to be begun again") {
    House house;
    auto const first = house.open(film_a);
    REQUIRE(house.open(film_b).has_value());
    house.films[0]->report.phase = supervisor::FilmReport::Phase::failed;
    house.at(1s);
    CHECK_FALSE((*first)->is_running());
    REQUIRE(house.open(film_c).has_value());
    auto const again =
        house.ask({.action = Action::seek, .session = (*first)->id(), .position = 0ms});
    REQUIRE_FALSE(again.has_value());
    CHECK(again.error().code == make_error_code(Errc::unavailable));
}

TEST_CASE("sessions: URLs and names that are not taken start nothing") {
    House house;
    for (std::string const url : {"file:///etc/passwd", "http://127.0.0.1/a.mkv", "a.mkv",
                                  "magnet:?xt=urn:btih:0123456789012345678901234567890123456789"})
        CHECK_FALSE(house.open(url).has_value());
    auto const id = std::string(32, '0');
    for (std::string const alias : {"a b", "../x", "", id.c_str()})
        CHECK(house.open(film_a, alias).has_value() == alias.empty());
    CHECK(house.films.size() == 1);
    CHECK(house.sessions.all().size() == 1);
}

TEST_CASE("sessions: where nothing can be fetched there is no session") {
    House house;
    house.is_shut = true;
    CHECK(house.open(film_a).error().context == "Nothing can be fetched now.");
    CHECK(house.sessions.all().empty());
}

TEST_CASE("sessions: a name that is used for another film leaves the first one") {
    House house;
    auto* const shared = *house.open(film_a, "anna");
    REQUIRE(house.open(film_a, "berta").has_value());
    auto* const second = *house.open(film_b, "anna");
    CHECK(shared->is_running()); // berta's, too
    CHECK(shared->aliases() == std::vector<std::string>{"berta"});
    CHECK(house.sessions.find("anna") == second);

    REQUIRE(house.beat("anna", "anna").has_value());
    auto const third = house.open(film_c, "anna"); // nobody else watched the second: room for it
    REQUIRE(third.has_value());
    CHECK_FALSE(second->is_running());
    CHECK(house.films[1]->is_gone);
}

TEST_CASE("sessions: an alias goes when it is given up, not when a viewer of its name leaves") {
    House house;
    REQUIRE(house.open(film_a, "anna").has_value());
    REQUIRE(house.open(film_a, "berta").has_value());
    REQUIRE(house.beat("anna", "anna").has_value());
    REQUIRE(house.ask({.action = Action::leave, .session = "anna", .viewer = "anna"}).has_value());
    CHECK(house.sessions.find("anna")->state().viewers == 0);
    REQUIRE(house.beat("anna", "anna").has_value());
    REQUIRE(house.ask({.action = Action::forget, .session = "anna"}).has_value());
    CHECK(house.sessions.find("berta")->state().viewers == 0);
    CHECK(house.beat("anna", "anna").error().code == make_error_code(Errc::not_found));
    CHECK(house.beat("berta", "berta").has_value());
}

TEST_CASE("sessions: what nobody watches ends in time, and its files go with it") {
    House house;
    auto const id = (*house.open(film_a))->id();
    house.at(44999ms);
    CHECK(house.sessions.find(id)->is_running());
    CHECK(house.sessions.next_deadline() == test_start + 45s);
    house.at(45s);
    CHECK_FALSE(house.sessions.find(id)->is_running());
    CHECK(house.films[0]->is_gone);
    house.at(105s);
    CHECK(house.sessions.find(id) == nullptr);
}

TEST_CASE("sessions: a film that is over goes when its time is up, its files with it") {
    House house;
    auto const id = (*house.open(film_a))->id();
    list(*house.films[0], test_start, 0ms, 4s);
    house.at(1s);
    house.films[0]->report.phase = supervisor::FilmReport::Phase::ended;
    house.at(6s);
    CHECK(house.sessions.find(id)->state().phase == Shown::ended);
    CHECK(house.beat(id, "late").has_value());
    house.at(3605s);
    CHECK_FALSE(house.films[0]->is_gone);
    house.at(3606s);
    CHECK(house.films[0]->is_gone);
    CHECK(house.sessions.find(id) == nullptr);
}

TEST_CASE("sessions: closed with its files discarded it is told of for a minute") {
    House house;
    auto const id = (*house.open(film_a, "anna"))->id();
    REQUIRE(house.close("anna", true).has_value());
    CHECK(house.films[0]->is_gone);
    CHECK(house.sessions.find(id)->state().note == "Somebody ended it.");
    CHECK(house.beat(id, "x").error().code == make_error_code(Errc::not_found));
    house.at(59999ms);
    CHECK(house.sessions.find(id) != nullptr);
    house.at(60s);
    CHECK(house.sessions.find(id) == nullptr);
}

TEST_CASE("sessions: of what is over only so many keep their files as may run") {
    House house;
    std::vector<std::string> ids;
    for (int i = 0; i < 4; ++i) {
        house.at(std::chrono::seconds(i));
        ids.push_back((*house.open(film_a))->id());
        REQUIRE(house.close(ids.back()).has_value());
    }
    house.at(10s);
    CHECK(house.films[0]->is_gone);
    CHECK(house.films[1]->is_gone);
    CHECK_FALSE(house.films[2]->is_gone);
    CHECK_FALSE(house.films[3]->is_gone);
}

TEST_CASE("sessions: those that are remembered do not grow without end") {
    House house;
    for (int i = 0; i < 200; ++i) {
        house.at(std::chrono::milliseconds(i));
        auto const id = (*house.open(film_a, "n" + std::to_string(i)))->id();
        REQUIRE(house.close(id, true).has_value());
        CHECK(house.sessions.all().size() <= Sessions::most_finished + 1);
    }
}

} // namespace
} // namespace continuo::sessions
