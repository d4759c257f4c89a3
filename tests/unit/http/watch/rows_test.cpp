// Every URL of the feature, with session files made by hand and a daemon that says what the test
// wants.
#include "http/watch/rows.hpp"
#include "http/watch/wishes.hpp"
#include "tests/support/body_text.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/unit/http/watch/sample_session.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

using namespace continuo;
using namespace continuo::watch;
using continuo::test::sample_session;
using continuo::test::session_id;
using server::Method;
using server::Request;
using server::Response;
using Action = contract::WatchRequest::Action;
using Phase = contract::WatchState::Phase;

namespace {

using Reply = Result<contract::ControlReply>;

boost::asio::awaitable<Reply> said(Reply reply) {
    co_return reply;
}

Reply consent(std::string result = "null") {
    return contract::ControlReply{
        .ok = true, .result = std::move(result), .error = {}, .message = {}};
}

Reply refusal(std::string error, std::string message) {
    return contract::ControlReply{
        .ok = false, .result = {}, .error = std::move(error), .message = std::move(message)};
}

struct Answer {
    unsigned status{};
    std::string text{};
    std::string fields{}; ///< all header lines
    bool is_stream{false};
    bool is_for_all_sites{false};
};

bool has(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

/// One thread's routes over a directory of session files.
class Stage {
public:
    Stage() : watch_(directory_.path()) {
        config.watch.enabled = true;
        Surroundings around;
        around.config = [this]() -> auto const& {
            return config;
        };
        around.token = [this]() -> auto const& {
            return token;
        };
        around.ask = [this](contract::ControlRequest request) {
            asked.push_back(*request.watch);
            return said(daemon ? daemon(*request.watch) : consent());
        };
        around.now = [this] { return now; };
        ServeStream serve = [this](Request const&, StreamName const& name) {
            streams.emplace_back(name.channel);
            return has_stream ? std::optional(Response{.status = 200, .content = {}, .fields = {}})
                              : std::nullopt;
        };
        handlers_ = std::make_shared<WatchHandlers>(watch_, std::move(around), std::move(serve));
        add_rows(router_, handlers_);
    }

    void put(contract::WatchState const& session) {
        directory_.write("watch/" + session.id + ".json", contract::encode(session));
        watch_.look_at({session.id}, false);
    }
    void remove(std::string const& id) {
        std::filesystem::remove(contract::watch_file(directory_.path(), id));
        watch_.look_at({id}, false);
    }

    static Request request(Method method, std::string_view path, std::string_view body = {}) {
        Request request;
        request.method = method;
        request.path = path.substr(0, path.find('?'));
        request.query = has(path, "?") ? path.substr(path.find('?') + 1) : std::string_view{};
        request.body = body;
        request.host = "continuo.example";
        request.peer = "192.0.2.1";
        return request;
    }

    Answer ask(Request const& request) {
        auto const match = router_.match(request.method, request.path);
        if (std::holds_alternative<server::Router::NoSuchPath>(match))
            return {.status = 404, .text = "nothing"};
        auto const* const found = std::get_if<server::Router::Found>(&match);
        if (!found) return {.status = 405};
        Response response;
        if (auto const* const at_once = std::get_if<server::Handler>(found->handler)) {
            response = (*at_once)(request, found->parameters);
        } else {
            auto answer =
                std::get<server::LateHandler>(*found->handler)(request, found->parameters);
            boost::asio::co_spawn(loop_, std::move(answer),
                                  [&](std::exception_ptr failure, Response late) {
                                      if (failure) std::rethrow_exception(failure);
                                      response = std::move(late);
                                  });
            loop_.restart();
            loop_.run();
        }
        Answer answer{.status = response.status,
                      .text = {},
                      .fields = response.fields,
                      .is_stream = response.stream != nullptr,
                      .is_for_all_sites = response.is_for_all_sites};
        if (response.content) {
            answer.text = test::text_of(response.content->body);
            answer.fields += response.content->content_fields + response.content->cache_fields;
        }
        return answer;
    }
    Answer get(std::string_view path) { return ask(request(Method::get, path)); }
    Answer post(std::string_view path, std::string_view body = {}) {
        return ask(request(Method::post, path, body));
    }

    config::Config config;
    std::string token;
    std::function<Reply(contract::WatchRequest const&)> daemon;
    std::vector<contract::WatchRequest> asked;
    std::vector<std::string> streams; ///< channels whose stream was asked for
    bool has_stream{true};
    std::chrono::steady_clock::time_point now{};

    Watch& watch() { return watch_; }
    boost::asio::io_context& loop() { return loop_; }
    WatchHandlers& handlers() { return *handlers_; }

private:
    test::TemporaryDirectory directory_;
    Watch watch_;
    boost::asio::io_context loop_;
    server::Router router_;
    std::shared_ptr<WatchHandlers> handlers_;
};

constexpr auto film = R"({"url":"https://host.example/film.mkv","subtitle":"ger"})";
std::string const one = "/api/v1/sessions/" + session_id;

/// A daemon that opens `session`, whose file is there as soon as it says so.
auto opening(Stage& stage, contract::WatchState session) {
    return [&stage, session](contract::WatchRequest const&) {
        stage.put(session);
        return consent(contract::encode(session));
    };
}

} // namespace

TEST_CASE("watch: nothing is there as long as it is switched off") {
    Stage stage;
    stage.put(sample_session());
    stage.config.watch.enabled = false;
    for (auto const* const path :
         {"/watch", "/watch/friday", "/time", "/status", "/api/v1/sessions",
          "/api/v1/sessions/friday", "/progress/friday", "/streams/friday/playlist.m3u8"})
        CHECK_MESSAGE(stage.get(path).status == 404, path);
    for (auto const* const path : {"/api/v1/sessions", "/stream/x", "/heartbeat/friday"})
        CHECK_MESSAGE(stage.post(path, film).status == 404, path);
    CHECK(stage.asked.empty());
}

TEST_CASE("watch: each URL answers to its own methods") {
    Stage stage;
    for (auto const* const path :
         {"/api/v1/sessions/x/seek", "/api/v1/sessions/x/tracks", "/api/v1/sessions/x/pause",
          "/api/v1/sessions/x/resume", "/api/v1/sessions/x/heartbeat", "/api/v1/sessions/x/leave",
          "/stream/x", "/stop/x", "/heartbeat/x"})
        CHECK_MESSAGE(stage.get(path).status == 405, path);
    CHECK(stage.post("/api/v1/sessions/x").status == 405);
    CHECK(stage.post("/status").status == 405);
}

TEST_CASE("watch: it has `/` for itself where nothing else is configured") {
    Stage stage;
    CHECK(stage.handlers().is_alone());
    stage.config.channels.emplace_back();
    CHECK_FALSE(stage.handlers().is_alone());
    stage.config.channels.clear();
    stage.config.livesim.emplace();
    CHECK_FALSE(stage.handlers().is_alone());
    stage.config.livesim.reset();
    stage.config.watch.enabled = false;
    CHECK_FALSE(stage.handlers().is_alone());
}

TEST_CASE("watch: the page is the same for all sessions, and nothing of it is from elsewhere") {
    Stage stage;
    auto const page = stage.get("/watch");
    CHECK(page.status == 200);
    CHECK(has(page.text, "/assets/watch.js"));
    CHECK_FALSE(has(page.text, "{{"));
    CHECK(has(page.fields, "Content-Security-Policy: default-src 'none'; script-src 'self';"));
    CHECK(has(page.fields, "Referrer-Policy: same-origin")); // no-referrer makes Origin null
    CHECK(stage.get("/watch/friday").text == page.text);
}

TEST_CASE("watch: the clock of the server") {
    Stage stage;
    auto const answer = stage.get("/time");
    CHECK(answer.status == 200);
    CHECK(answer.text.starts_with("{\"now_ms\":1"));
    CHECK(has(answer.fields, "Cache-Control: no-store\r\n"));
}

TEST_CASE("watch: what sessions follow is the daemon's clock, whatever the system's says") {
    Stage stage;
    auto session = sample_session();
    session.clock_zero = contract::WatchState::WallTime{std::chrono::hours{24 * 365 * 200}};
    stage.put(session);
    stage.daemon = opening(stage, session);
    constexpr auto now = "\"now_ms\":63"; // the year 2169
    CHECK(has(stage.get("/time").text, now));
    CHECK(has(stage.get("/api/v1/sessions").text, now));
    CHECK(has(stage.get(one).text, now));
    CHECK(has(stage.post("/api/v1/sessions", film).text, now));
    CHECK(has(stage.post(one + "/pause").text, now));
    CHECK(has(stage.get("/progress/friday").text, "\"position\":50.0"));
}

TEST_CASE("watch: a session is found by its id and by its aliases, as long as its file is there") {
    Stage stage;
    CHECK(stage.get(one).status == 404);
    CHECK(has(stage.get(one).fields, "application/problem+json"));
    stage.put(sample_session());
    CHECK(stage.get(one).status == 200);
    CHECK(has(stage.get("/api/v1/sessions/friday").text, session_id));
    CHECK(has(stage.get("/api/v1/sessions").text, session_id));
    stage.remove(session_id);
    CHECK(stage.get(one).status == 404);
    CHECK_FALSE(has(stage.get("/api/v1/sessions").text, session_id));
}

TEST_CASE("watch: a file that can't be read leaves what was known before") {
    Stage stage;
    stage.put(sample_session());
    auto broken = sample_session();
    broken.id[0] = 'f';
    stage.put(broken);
    auto other = sample_session(); // tells of another than its name does
    stage.watch().look_at({broken.id}, true);
    CHECK(stage.get(one).status == 200);
}

TEST_CASE("watch: to open a session is 201 with where it is, to join it 200") {
    Stage stage;
    stage.daemon = opening(stage, sample_session());
    auto const opened = stage.post("/api/v1/sessions", film);
    CHECK(opened.status == 201);
    CHECK(has(opened.fields, "Location: " + one + "\r\n"));
    CHECK(has(opened.text, "\"playlist\":\"/streams/" + session_id));
    REQUIRE(stage.asked.size() == 1);
    CHECK(stage.asked[0].action == Action::open);
    CHECK(stage.asked[0].url == "https://host.example/film.mkv");
    CHECK(stage.asked[0].tracks == contract::TrackWish{.subtitle = "ger"});
    CHECK(stage.post("/api/v1/sessions", film).status == 200);
}

TEST_CASE("watch: who opens a session waits until others find it by the name that it was given") {
    Stage stage;
    auto session = sample_session();
    session.aliases.clear();
    stage.put(session);
    stage.daemon = [&](contract::WatchRequest const& wish) {
        session.aliases.push_back(wish.session);
        boost::asio::post(stage.loop(), [&] { stage.put(session); }); // a moment after the reply
        return consent(contract::encode(session));
    };
    CHECK(stage.post("/stream/saturday", film).status == 200);
    CHECK(stage.get("/progress/saturday").status == 200);
}

TEST_CASE("watch: URLs that are not taken are 400 with the reason, and the daemon hears nothing") {
    Stage stage;
    for (std::string const url : {"", "film.mkv", "file:///etc/passwd", "http://127.0.0.1/a",
                                  "http://user:pw@host.example/", "ftp://host.example/a",
                                  "--option", "magnet:?xt=urn:btih:0", "concat:a|b", "data:,x"}) {
        auto const body = "{\"url\":\"" + url + "\"}";
        auto const ours = stage.post("/api/v1/sessions", body);
        CHECK_MESSAGE(ours.status == 400, url);
        CHECK_MESSAGE(has(ours.text, "\"detail\":\""), url);
        auto const theirs = stage.post("/stream/x", body);
        CHECK_MESSAGE(theirs.status == 400, url);
        CHECK_MESSAGE(theirs.text.starts_with("{\"error\":\""), url);
    }
    CHECK(stage.post("/stream/x").status == 400);
    CHECK(stage.asked.empty());
    stage.config.watch.allow_private = true;
    stage.daemon = opening(stage, sample_session());
    CHECK(stage.post("/api/v1/sessions", R"({"url":"http://127.0.0.1:8000/a"})").status == 201);
}

TEST_CASE("watch: what the daemon refuses has a status of its own in both dialects") {
    struct Row {
        Reply reply;
        unsigned status;
        std::string_view theirs;
    };
    std::vector<Row> const rows{
        {refusal("unavailable", "Server is at full capacity"), 503,
         "{\"error\":\"Server is at full capacity\"}\n"},
        {refusal("malformed", "No URL."), 400, "{\"error\":\"No URL.\"}\n"},
        {refusal("conflict", "Not now."), 409, "{\"error\":\"Not now.\"}\n"},
        {fail(Errc::unavailable, "control socket"), 503, "{\"error\":\"The daemon does not answer"},
        {consent("{}"), 503, "{\"error\":\"The daemon is of another version"}};
    for (auto const& row : rows) {
        Stage stage;
        stage.daemon = [&](contract::WatchRequest const&) { return row.reply; };
        auto const ours = stage.post("/api/v1/sessions", film);
        CHECK_MESSAGE(ours.status == row.status, row.theirs);
        CHECK_MESSAGE(has(ours.fields, "application/problem+json"), row.theirs);
        auto const theirs = stage.post("/stream/friday", film);
        CHECK_MESSAGE(theirs.status == row.status, row.theirs);
        CHECK_MESSAGE(theirs.text.starts_with(row.theirs), theirs.text);
    }
    Stage stage;
    stage.daemon = [](contract::WatchRequest const&) { return refusal("unavailable", "full"); };
    CHECK(has(stage.post("/stream/friday", film).fields, "Retry-After: "));
}

TEST_CASE("watch: a source that is dead is 502 with the reason") {
    Stage stage;
    auto session = sample_session();
    session.phase = Phase::failed;
    session.note = "The server says 404.";
    stage.daemon = opening(stage, session);
    auto const opened = stage.post("/api/v1/sessions", film);
    CHECK(opened.status == 502);
    CHECK(has(opened.text, session.note));
    stage.daemon = [](contract::WatchRequest const&) { return refusal("conflict", "Not now."); };
    CHECK(stage.post(one + "/pause").status == 502);
    stage.has_stream = false;
    CHECK(stage.get("/streams/friday/playlist.m3u8").status == 502);
    CHECK(stage.get("/streams/friday/1.ts").status == 404);
    stage.has_stream = true;
    CHECK(stage.get("/streams/friday/playlist.m3u8").status == 200);
}

TEST_CASE("watch: seek, tracks, pause and resume go to the daemon, and answer with the session") {
    struct Row {
        std::string_view path, body;
        contract::WatchRequest wanted;
    };
    auto const request = [](Action action) {
        contract::WatchRequest wanted;
        wanted.action = action;
        wanted.session = "friday";
        return wanted;
    };
    auto seek = request(Action::seek);
    seek.position = std::chrono::milliseconds{12'500};
    auto tracks = request(Action::tracks);
    tracks.tracks = contract::TrackWish{.audio = "jpn", .subtitle = "off"};
    std::vector<Row> const rows{{"/seek", R"({"position":12.5})", seek},
                                {"/tracks", R"({"audio":"jpn","subtitle":"off"})", tracks},
                                {"/pause", "", request(Action::pause)},
                                {"/resume", "", request(Action::resume)}};
    for (auto const& row : rows) {
        Stage stage;
        stage.daemon = [](contract::WatchRequest const&) {
            return consent(contract::encode(sample_session()));
        };
        auto const answer = stage.post("/api/v1/sessions/friday" + std::string(row.path), row.body);
        CHECK_MESSAGE(answer.status == 200, row.path);
        CHECK_MESSAGE(has(answer.text, session_id), row.path);
        REQUIRE(stage.asked.size() == 1);
        CHECK_MESSAGE(stage.asked[0] == row.wanted, row.path);
        stage.daemon = [](contract::WatchRequest const&) { return refusal("not_found", "None."); };
        CHECK(stage.post("/api/v1/sessions/friday" + std::string(row.path), row.body).status ==
              404);
    }
    Stage stage;
    CHECK(stage.post("/api/v1/sessions/friday/seek", "{}").status == 400);
    CHECK(stage.post("/api/v1/sessions/friday/tracks", "{}").status == 400);
    CHECK(stage.asked.empty());
}

TEST_CASE("watch: DELETE ends a session, its files at once where that is asked for") {
    Stage stage;
    CHECK(stage.ask(Stage::request(Method::remove, one)).status == 204);
    CHECK(stage.ask(Stage::request(Method::remove, one + "?hard=true")).status == 204);
    REQUIRE(stage.asked.size() == 2);
    CHECK(stage.asked[0].action == Action::close);
    CHECK_FALSE(stage.asked[0].discards);
    CHECK(stage.asked[1].discards);
    stage.daemon = [](contract::WatchRequest const&) { return refusal("not_found", "None."); };
    CHECK(stage.ask(Stage::request(Method::remove, one)).status == 404);
}

TEST_CASE("watch: heartbeats say who beats, in both dialects") {
    Stage stage;
    CHECK(stage.post(one + "/heartbeat", R"({"viewer":"tab"})").status == 204);
    CHECK(stage.post(one + "/leave?viewer=tab").status == 204);
    auto const answer = stage.post("/heartbeat/friday");
    CHECK(answer.status == 200);
    CHECK(answer.text == "{\"status\":\"ok\"}\n");
    REQUIRE(stage.asked.size() == 3);
    CHECK(stage.asked[0].action == Action::beat);
    CHECK(stage.asked[1].action == Action::leave);
    CHECK(stage.asked[1].viewer == "tab");
    CHECK(stage.asked[2].viewer == "friday");
    stage.daemon = [](contract::WatchRequest const&) { return refusal("not_found", "None."); };
    CHECK(stage.post(one + "/heartbeat?viewer=tab").status == 404);
    auto const lost = stage.post("/heartbeat/friday");
    CHECK(lost.status == 404);
    CHECK(lost.text == "{\"status\":\"session_not_found\"}\n");
}

TEST_CASE("watch: the other service's clients open under a name of their own") {
    Stage stage;
    stage.daemon = opening(stage, sample_session());
    auto const answer =
        stage.post("/stream/friday", R"({"url":"https://host.example/f.mkv","subtitle_index":0})");
    CHECK(answer.status == 200);
    CHECK(answer.text == "{\"status\":\"ok\"}\n");
    REQUIRE(stage.asked.size() == 1);
    CHECK(stage.asked[0].session == "friday");
    CHECK(stage.asked[0].tracks->subtitle == "1");
}

TEST_CASE("watch: one client of several that stops leaves, the last one ends the session") {
    Stage stage;
    auto session = sample_session();
    session.viewers = 1;
    stage.put(session);
    CHECK(stage.post("/stop/friday?hard=true").text == "{\"status\":\"stopped\"}\n");
    session.viewers = 2;
    stage.put(session);
    CHECK(stage.post("/stop/friday").status == 200);
    CHECK(stage.post("/stop/" + session_id).status == 200);
    session.viewers = 1;
    session.aliases.emplace_back("saturday");
    stage.put(session);
    CHECK(stage.post("/stop/saturday").status == 200);
    REQUIRE(stage.asked.size() == 4);
    CHECK(stage.asked[0].action == Action::close);
    CHECK(stage.asked[0].discards);
    CHECK(stage.asked[1].action == Action::forget);
    CHECK(stage.asked[1].session == "friday");
    CHECK(stage.asked[2].action == Action::close);
    CHECK(stage.asked[3].action == Action::forget);
    stage.daemon = [](contract::WatchRequest const&) { return refusal("not_found", "None."); };
    CHECK(stage.post("/stop/nobody").status == 404);
}

TEST_CASE("watch: progress and status are small objects") {
    Stage stage;
    CHECK(stage.get("/progress/friday").text == "{\"status\":\"session_not_found\"}\n");
    stage.put(sample_session());
    auto const progress = stage.get("/progress/friday");
    CHECK(progress.status == 200);
    CHECK(has(progress.text, "\"buffered\":50.0,\"speed\":1.5,\"viewers\":2,\"torrent\":null"));
    auto const status = stage.get("/status");
    CHECK(status.status == 200);
    for (auto const* const member : {"\"ffmpeg\":", "\"mpv\":", "\"ffprobe\":", "\"is_ramdisk\":",
                                     "\"ramdisk_instructions\":\""})
        CHECK_MESSAGE(has(status.text, member), member);
}

TEST_CASE("watch: events of a session are a stream, those of none are 404") {
    Stage stage;
    CHECK(stage.get(one + "/events").status == 404);
    stage.put(sample_session());
    auto const answer = stage.get("/api/v1/sessions/friday/events");
    CHECK(answer.status == 200);
    CHECK(answer.is_stream);
    CHECK(has(answer.fields, "Content-Type: text/event-stream\r\n"));
    CHECK(has(answer.fields, "Cache-Control: no-store\r\n"));
}

TEST_CASE("watch: the stream is that of the session's channel") {
    Stage stage;
    CHECK(stage.get("/streams/friday/playlist.m3u8").status == 404);
    stage.put(sample_session());
    for (auto const* const path :
         {"playlist.m3u8", "master.m3u8", "1.ts", "film/index.m3u8", "film/1.ts"})
        CHECK_MESSAGE(stage.get("/streams/friday/" + std::string(path)).status == 200, path);
    CHECK(stage.streams == std::vector<std::string>(5, contract::watch_channel(session_id)));
    stage.has_stream = false;
    auto const early = stage.get("/streams/friday/master.m3u8");
    CHECK(early.status == 503);
    CHECK(has(early.fields, "Retry-After: 1\r\n"));
    auto session = sample_session();
    session.phase = Phase::closed;
    stage.put(session);
    CHECK(stage.get("/streams/friday/playlist.m3u8").status == 410);
}

TEST_CASE("watch: with a token, changes need it; who only watches does not") {
    Stage stage;
    stage.token = "secret";
    auto const refused = stage.post("/api/v1/sessions", film);
    CHECK(refused.status == 401);
    CHECK(has(refused.fields, "WWW-Authenticate: Bearer\r\n"));
    for (auto const* const path :
         {"/stream/x", "/stop/x", "/api/v1/sessions/x/seek", "/api/v1/sessions/x/tracks",
          "/api/v1/sessions/x/pause", "/api/v1/sessions/x/resume"})
        CHECK_MESSAGE(stage.post(path, film).status == 401, path);
    CHECK(stage.ask(Stage::request(Method::remove, one)).status == 401);
    CHECK(stage.asked.empty());
    CHECK(stage.post("/heartbeat/friday").status == 200);
    CHECK(stage.post(one + "/leave?viewer=a").status == 204);
    auto bearer = Stage::request(Method::post, "/api/v1/sessions", film);
    bearer.authorization = "Bearer wrong";
    CHECK(stage.ask(bearer).status == 401);
    bearer.authorization = "Bearer secret";
    stage.daemon = opening(stage, sample_session());
    CHECK(stage.ask(bearer).status == 201);
}

TEST_CASE("watch: pages of other sites may nothing") {
    Stage stage;
    stage.daemon = opening(stage, sample_session());
    auto request = Stage::request(Method::post, "/api/v1/sessions", film);
    for (auto const* const origin :
         {"https://evil.example", "null", "http://continuo.example:81"}) {
        request.origin = origin;
        CHECK_MESSAGE(stage.ask(request).status == 403, origin);
    }
    request.origin = "http://continuo.example";
    CHECK(stage.ask(request).status == 201);
    request.origin = "https://public.example"; // as a proxy is called from outside
    request.forwarded = true;
    CHECK(stage.ask(request).status == 403);
    request.fetch_site = "same-origin";
    CHECK(stage.ask(request).status == 200);
    request.fetch_site = "cross-site";
    CHECK(stage.ask(request).status == 403);
}

TEST_CASE("watch: pages of other sites may read the streams, but not who watches what") {
    Stage stage;
    stage.put(sample_session());
    for (auto const* const path : {"/api/v1/sessions", "/api/v1/sessions/friday",
                                   "/api/v1/sessions/friday/events", "/progress/friday"})
        CHECK_MESSAGE(!stage.get(path).is_for_all_sites, path);
    for (auto const* const path : {"master.m3u8", "film/index.m3u8", "film/1.ts"})
        CHECK_MESSAGE(stage.get("/streams/friday/" + std::string(path)).is_for_all_sites, path);
}

TEST_CASE("watch: a name that was made to lead to this machine steers nothing") {
    Stage stage;
    stage.put(sample_session());
    stage.daemon = opening(stage, sample_session());
    auto request = Stage::request(Method::post, one + "/pause");
    request.from_loopback = true;
    request.peer = "127.0.0.1";
    request.host = "evil.example:8080";
    request.origin = "http://evil.example:8080";
    CHECK(stage.ask(request).status == 403);
    request.host = "tower:8080";
    request.origin = "http://tower:8080";
    CHECK(stage.ask(request).status == 200);
    request.host = "watch.example";
    request.origin = "http://watch.example";
    request.forwarded = true; // a proxy, which answers to its own name
    CHECK(stage.ask(request).status == 200);
    request.forwarded = false;
    stage.token = "secret"; // which no other page has
    request.authorization = "Bearer secret";
    CHECK(stage.ask(request).status == 200);
}

TEST_CASE("watch: one address may not open sessions without end, nor ask for anything") {
    Stage stage;
    stage.daemon = opening(stage, sample_session());
    unsigned opened = 0;
    Answer last;
    for (int i = 0; i < 20; ++i) {
        last = stage.post("/api/v1/sessions", film);
        opened += last.status < 300 ? 1U : 0U;
    }
    CHECK(opened == 10);
    CHECK(last.status == 429);
    CHECK(has(last.fields, "Retry-After: 6\r\n"));
    unsigned beats = 0;
    for (int i = 0; i < 400; ++i)
        beats += stage.post("/heartbeat/friday").status == 200 ? 1U : 0U;
    CHECK(beats == 180); // what is left of 200
    stage.now += std::chrono::seconds(6);
    CHECK(stage.post("/api/v1/sessions", film).status == 200);
    CHECK(stage.post("/api/v1/sessions", film).status == 429);
    auto request = Stage::request(Method::post, "/api/v1/sessions", film);
    request.peer = "127.0.0.1";
    request.from_loopback = true;
    request.host = "localhost:8080";
    for (int i = 0; i < 20; ++i)
        CHECK(stage.ask(request).status == 200); // this machine itself
    request.forwarded = true;
    request.forwarded_for = "192.0.2.1";
    CHECK(stage.ask(request).status == 429); // but not a proxy on it
}

TEST_CASE("watch: a proxy that does not say so switches no limit off") {
    Stage stage;
    stage.token = "secret";
    stage.daemon = opening(stage, sample_session());
    auto request = Stage::request(Method::post, "/api/v1/sessions", film);
    request.peer = "127.0.0.1";
    request.from_loopback = true;
    request.authorization = "Bearer secret";
    unsigned opened = 0;
    for (int i = 0; i < 20; ++i)
        opened += stage.ask(request).status < 300 ? 1U : 0U;
    CHECK(opened == 10);        // its clients have a name for us that is none of the loopback's
    request.host = "localhost"; // unless they make one up
    request.authorization = "Bearer guess";
    unsigned guessed = 0;
    for (int i = 0; i < 400; ++i)
        guessed += stage.ask(request).status == 401 ? 1U : 0U;
    CHECK(guessed == 180);
}
