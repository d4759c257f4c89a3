#include "http/watch/handlers.hpp"

#include "http/server/problem.hpp"
#include "http/watch/answers.hpp"
#include "http/watch/event_stream.hpp"
#include "http/watch/machine.hpp"
#include "http/watch/session_json.hpp"
#include "http/watch/wishes.hpp"
#include "http/web/assets.hpp"
#include "http/web/html.hpp"

#include <fmt/format.h>

#include <memory>
#include <string>
#include <utility>

namespace continuo::watch {

namespace asio = boost::asio;

using contract::WatchRequest;
using contract::WatchState;
using server::Request;
using server::Response;

namespace {

Response told(Trouble const& trouble) {
    return server::problem(trouble.status, trouble.detail, trouble.fields);
}

Response no_such_session() {
    return server::problem(404, "There is no such session (any more).");
}

Response nothing_but(unsigned status) {
    return {.status = status, .content = nullptr, .fields = "Cache-Control: no-store\r\n"};
}

/// Why there is no list, or no such file, of a session.
Response no_stream(WatchState const& session, StreamName const& wanted) {
    using Kind = StreamName::Kind;
    if (wanted.kind == Kind::first_segment || wanted.kind == Kind::segment)
        return server::problem(404, "There is no such segment (any more).");
    if (session.phase == WatchState::Phase::failed) return server::problem(502, session.note);
    if (!is_running(session)) return server::problem(410, "The session is over.");
    return server::not_ready_yet("The session is opening: " + session.note);
}

} // namespace

Response json_answer(std::string text, unsigned status) {
    auto response =
        server::answer(server::represent(std::move(text), "application/json", server::no_store));
    response.status = status;
    return response;
}

WatchHandlers::WatchHandlers(Watch& watch, Surroundings surroundings, ServeStream serve_stream)
    : desk_(watch, std::move(surroundings)), serve_stream_(std::move(serve_stream)) {}

bool WatchHandlers::is_alone() const {
    auto const& config = desk_.config();
    return config.watch.enabled && config.channels.empty() && !config.pseudolive && !config.livesim;
}

Response WatchHandlers::page() {
    auto const page = web::filled(web::text_of("watch.html"), "hls", web::hls_path());
    auto const lacks = lacks_html(look_at_machine(desk_.watch().runtime_dir()));
    return web::page(web::filled(page, "lacks", lacks));
}

Response WatchHandlers::time() {
    return json_answer(time_json(now_of(desk_.sessions())));
}

Response WatchHandlers::sessions() {
    auto const& sessions = desk_.sessions();
    return json_answer(sessions_json(sessions, desk_.settings(), now_of(sessions)));
}

Response WatchHandlers::session(std::string_view name) {
    auto const session = desk_.sessions().find(name);
    return session ? json_answer(session_json(*session, now_of(*session))) : no_such_session();
}

Response WatchHandlers::events(std::string_view name) {
    auto const session = desk_.sessions().find(name);
    if (!session) return no_such_session();
    auto content = std::make_shared<server::Representation>();
    content->content_fields = "Content-Type: text/event-stream\r\n";
    content->cache_fields = "Cache-Control: no-store\r\n";
    auto response = server::answer(std::move(content));
    response.fields = "X-Accel-Buffering: no\r\n"; // nginx would hold events back
    response.stream =
        std::make_shared<EventStream>(desk_.watch().sessions(), desk_.watch().bell(), session->id);
    return response;
}

Response WatchHandlers::stream(Request const& request, std::string_view name, StreamName wanted) {
    auto const session = desk_.sessions().find(name);
    if (!session) return no_such_session();
    wanted.channel = session->channel;
    auto response = serve_stream_(request, wanted);
    return response ? *std::move(response) : no_stream(*session, wanted);
}

asio::awaitable<Response> WatchHandlers::open(Request const& request) {
    if (auto const refusal = desk_.refuse(request, Effect::steering)) co_return told(*refusal);
    auto const members = members_of(request);
    if (!members) co_return told(members.error());
    auto wish = opening_wish(*members);
    if (!wish) co_return told(wish.error());
    auto const opened = co_await desk_.open(request, std::move(*wish));
    if (!opened) co_return told(opened.error());
    auto text = session_json(opened->session, now_of(opened->session));
    auto response = json_answer(std::move(text), opened->is_new ? 201U : 200U);
    response.fields = fmt::format("Location: /api/v1/sessions/{}\r\n", opened->session.id);
    co_return response;
}

asio::awaitable<Response> WatchHandlers::close(Request const& request, std::string_view name) {
    if (auto const refusal = desk_.refuse(request, Effect::steering)) co_return told(*refusal);
    auto const members = members_of(request);
    if (!members) co_return told(members.error());
    WatchRequest wish;
    wish.action = WatchRequest::Action::close;
    wish.session = name;
    wish.discards = is_set(*members, "hard");
    auto const done = co_await desk_.tell(std::move(wish));
    co_return done ? nothing_but(204) : told(done.error());
}

asio::awaitable<Response> WatchHandlers::steer(Request const& request, std::string_view name,
                                               ReadWish read_wish) {
    if (auto const refusal = desk_.refuse(request, Effect::steering)) co_return told(*refusal);
    auto wish = read_wish(request);
    if (!wish) co_return told(wish.error());
    wish->session = name;
    auto const session = co_await desk_.change(std::move(*wish));
    co_return session ? json_answer(session_json(*session, now_of(*session)))
                      : told(session.error());
}

asio::awaitable<Response> WatchHandlers::seek(Request const& request, std::string_view name) {
    return steer(request, name, [](Request const& asked) -> Outcome<WatchRequest> {
        auto const members = members_of(asked);
        if (!members) return members.error();
        return seeking_wish(*members);
    });
}

asio::awaitable<Response> WatchHandlers::tracks(Request const& request, std::string_view name) {
    return steer(request, name, [](Request const& asked) -> Outcome<WatchRequest> {
        auto const members = members_of(asked);
        if (!members) return members.error();
        return tracks_wish(*members);
    });
}

asio::awaitable<Response> WatchHandlers::hold(Request const& request, std::string_view name,
                                              WatchRequest::Action action) {
    return steer(request, name, [action](Request const&) -> Outcome<WatchRequest> {
        WatchRequest wish;
        wish.action = action;
        return wish;
    });
}

asio::awaitable<Response> WatchHandlers::presence(Request const& request, std::string_view name,
                                                  WatchRequest::Action action) {
    if (auto const refusal = desk_.refuse(request, Effect::presence)) co_return told(*refusal);
    auto const members = members_of(request);
    if (!members) co_return told(members.error());
    auto wish = presence_wish(*members, action, name, client_of(request));
    if (!wish) co_return told(wish.error());
    auto const done = co_await desk_.tell(std::move(*wish));
    co_return done ? nothing_but(204) : told(done.error());
}

} // namespace continuo::watch
