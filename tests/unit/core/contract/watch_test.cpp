#include "core/contract/control.hpp"
#include "core/contract/watch.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace continuo::contract;
using namespace std::chrono_literals;

namespace {

std::string refusal(std::string_view text) {
    auto const parsed = parse_watch_request(text);
    REQUIRE(!parsed.has_value());
    return parsed.error().context;
}

WatchState film() {
    WatchState state;
    state.id = "0123456789abcdef0123456789abcdef";
    state.aliases = {"film", "x-1"};
    state.channel = watch_channel(state.id);
    state.url = "https://example.com/film.mkv";
    state.phase = WatchState::Phase::paused;
    state.note = "paused by a viewer";
    state.tracks = {{.kind = WatchTrack::Kind::subtitle,
                     .number = 2,
                     .language = "ger",
                     .title = "Deutsch \"SDH\"",
                     .codec = "ass",
                     .is_default = true,
                     .is_text = true,
                     .is_shown = true}};
    state.duration = 5'400'000ms;
    state.clock_zero = WatchState::WallTime{1'699'990'000s};
    state.delay = 3'500ms;
    state.anchor = WatchState::WallTime{1'700'000'000s};
    state.position = 61'000ms;
    state.standing_at = WatchState::WallTime{1'700'000'009s};
    state.jumps = 3;
    state.buffered = 90'000ms;
    state.speed = 4.5;
    state.viewers = 2;
    state.since = WatchState::WallTime{1'699'999'000s};
    return state;
}

} // namespace

TEST_CASE("watch: requests of every kind come back as they went") {
    using Action = WatchRequest::Action;
    for (auto const& request :
         {WatchRequest{.action = Action::open,
         .session = "my-film",
         .url = "https://example.com/a.mkv",
         .tracks = TrackWish{.audio = "jpn", .subtitle = "off"},
         .position = 90'000ms},
          WatchRequest{.action = Action::open, .url = "magnet:?xt=urn:btih:0"},
          WatchRequest{.action = Action::seek, .session = "a", .position = 0ms},
          WatchRequest{.action = Action::tracks, .session = "a", .tracks = TrackWish{}},
          WatchRequest{
              .action = Action::tracks, .session = "a", .tracks = TrackWish{.subtitle = "2"}},
          WatchRequest{.action = Action::pause, .session = "a"},
          WatchRequest{.action = Action::resume, .session = "a"},
          WatchRequest{.action = Action::beat, .session = "a", .viewer = "v"},
          WatchRequest{.action = Action::leave, .session = "a", .viewer = "v"},
          WatchRequest{.action = Action::forget, .session = "a"},
          WatchRequest{.action = Action::close, .session = "a", .discards = true}}) {
        CAPTURE(encode(request));
        CHECK(parse_watch_request(encode(request)).value() == request);
        ControlRequest const control{.op = "watch", .channel = {}, .watch = request};
        CHECK(parse_control_request(encode(control)).value() == control);
    }
}

TEST_CASE("watch: what is wrong with a request is said in a sentence") {
    CHECK(refusal("[]").find("JSON object") != std::string::npos);
    CHECK(refusal("{}") == "\"do\" is missing or unknown.");
    CHECK(refusal(R"({"do":"dance"})") == "\"do\" is missing or unknown.");
    CHECK(refusal(R"({"do":"open"})") == "\"url\" is missing.");
    CHECK(refusal(R"({"do":"seek","session":"a"})") == "\"position_ms\" is missing.");
    CHECK(refusal(R"({"do":"seek","session":"a","position_ms":-1})").find("whole number") !=
          std::string::npos);
    CHECK(refusal(R"({"do":"seek","session":"a","position_ms":360000001})").find("360000000") !=
          std::string::npos);
    CHECK(refusal(R"({"do":"pause"})") == "\"session\" is missing.");
    CHECK(refusal(R"({"do":"beat","session":"a"})") == "\"viewer\" is missing.");
    CHECK(refusal(R"({"do":"pause","session":"a","url":"x"})").find("does not belong") !=
          std::string::npos);
    CHECK(refusal(R"({"do":"open","url":"x","tracks":{"video":"1"}})").find("only") !=
          std::string::npos);
    CHECK(refusal(R"({"do":"open","url":"x","tracks":{"audio":""}})").find("empty") !=
          std::string::npos);
    CHECK(refusal(R"({"do":"open","url":")" + std::string(8193, 'x') + R"("})").find("8192") !=
          std::string::npos);
    CHECK(refusal(R"({"do":"close","session":"a","discards":1})").find("true or false") !=
          std::string::npos);
}

TEST_CASE("watch: a state comes back as it went, with and without what may be missing") {
    auto const state = film();
    CHECK(parse_watch_state(encode(state)).value() == state);
    WatchState bare;
    bare.id = "0";
    CHECK(parse_watch_state(encode(bare)).value() == bare);
}

TEST_CASE("watch: every truncation of a state is an error, and another version") {
    auto const text = encode(film());
    for (std::size_t size = 0; size < text.size(); ++size)
        CHECK(!parse_watch_state(text.substr(0, size)).has_value());
    auto other = text;
    other.replace(other.find("\"version\":1"), 11, "\"version\":2");
    CHECK(parse_watch_state(other).error().context == "watch session: version 2");
}

TEST_CASE("watch: an alias is 1 to 64 letters, digits, _ and -") {
    for (std::string const text : {"a", "A_b-9", "0"})
        CHECK_MESSAGE(is_alias(text), text);
    CHECK(is_alias(std::string(64, 'x')));
    CHECK_FALSE(is_alias(std::string(65, 'x')));
    for (std::string const text : {"", "a.b", "a/b", "a b", "\u00e9"})
        CHECK_MESSAGE(!is_alias(text), text);
}

TEST_CASE("watch: a file of the directory names its session, and the session its channel") {
    std::string const id = "0123456789abcdef0123456789abcdef";
    CHECK(session_of_file(id + ".json") == id);
    CHECK(watch_file("/run/x", id).filename() == id + ".json");
    for (std::string const& name : std::vector<std::string>{id, id + ".json.tmp", "x.json", ".json",
                                                            "A" + id.substr(1) + ".json"})
        CHECK_MESSAGE(!session_of_file(name), name);
    CHECK(is_watch_channel(watch_channel(id)));
    for (std::string const& name :
         std::vector<std::string>{id, "_watch-", "_watch-x", "_watch-" + id + "0"})
        CHECK_MESSAGE(!is_watch_channel(name), name);
}
