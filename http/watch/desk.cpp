#include "http/watch/desk.hpp"

#include "core/base/watch_url.hpp"
#include "http/server/access.hpp"
#include "http/watch/wishes.hpp"

#include <boost/asio/this_coro.hpp>
#include <fmt/format.h>

#include <chrono>
#include <utility>

namespace continuo::watch {

namespace asio = boost::asio;

using contract::WatchRequest;
using contract::WatchState;
using std::chrono::steady_clock;

namespace {

/// How long a session that was opened may take to be seen here.
constexpr std::chrono::seconds discovery_deadline{1};
/// When somebody may have gone who left room for another.
constexpr std::string_view full_fields = "Retry-After: 30\r\n";

Trouble too_often(std::chrono::milliseconds wait) {
    auto const seconds = std::chrono::ceil<std::chrono::seconds>(wait).count();
    return {.status = 429,
            .detail =
                fmt::format("Too many requests from your address; try again in {} s.", seconds),
            .fields = fmt::format("Retry-After: {}\r\n", seconds)};
}

Trouble dead_source(std::string const& note) {
    return {.status = 502, .detail = note};
}

} // namespace

Desk::Desk(Watch& watch, Surroundings surroundings)
    : watch_(watch), surroundings_(std::move(surroundings)), sessions_(watch.sessions()) {}

std::optional<Trouble> Desk::refuse(server::Request const& request, Effect effect) const {
    if (server::is_of_another_site(request))
        return Trouble{.status = 403, .detail = "A page of another site must not do this."};
    auto const& token = surroundings_.token();
    bool const needs_token = effect == Effect::steering && !token.empty();
    // Before the token, so that nobody can try many: not from this machine either, which clients
    // of a proxy may look like.
    if (needs_token || !server::is_this_machine(request))
        if (auto refusal = refuse_often(watch_.asking_limit(), request)) return refusal;
    if (needs_token && !server::bears_token(request, token))
        return Trouble{.status = 401,
                       .detail = "This needs \"Authorization: Bearer\" with the token of "
                                 "watch.token_file.",
                       .fields = "WWW-Authenticate: Bearer\r\n"};
    if (effect == Effect::steering && token.empty() && server::may_be_rebound(request))
        return Trouble{.status = 403,
                       .detail = "This machine itself asks under a name that is not its own: ask "
                                 "localhost, or let the proxy set X-Forwarded-For."};
    return std::nullopt;
}

std::optional<Trouble> Desk::refuse_often(RateLimit& limit, server::Request const& request) const {
    auto const wait = limit.refuse(client_of(request), surroundings_.now());
    if (!wait) return std::nullopt;
    return too_often(*wait);
}

asio::awaitable<Outcome<Desk::Opened>> Desk::open(server::Request const& request,
                                                  WatchRequest wish) {
    WatchUrlRules const rules{.torrent_gateway = settings().torrent_gateway,
                              .allow_private = settings().allow_private};
    if (auto const url = parse_watch_url(wish.url, rules); !url)
        co_return Trouble{.status = 400, .detail = url.error().context};
    if (!server::is_this_machine(request))
        if (auto const refusal = refuse_often(watch_.opening_limit(), request)) co_return *refusal;
    auto const before = watch_.sessions().load();
    auto const alias = wish.session;
    auto session = co_await change(std::move(wish));
    if (!session) co_return session.error();
    if (session->phase == WatchState::Phase::failed) co_return dead_source(session->note);
    co_await wait_until_found(session->id, alias.empty() ? session->id : alias);
    bool const is_new = !before->find(session->id);
    co_return Opened{.session = *std::move(session), .is_new = is_new};
}

/// Until `name` leads to the session.
asio::awaitable<void> Desk::wait_until_found(std::string id, std::string name) {
    auto const deadline = steady_clock::now() + discovery_deadline;
    auto const executor = co_await asio::this_coro::executor;
    Bell::Listener listener(watch_.bell(), id, executor);
    while (steady_clock::now() < deadline) {
        auto const session = sessions().find(name);
        if (session && session->id == id) co_return;
        co_await listener.wait_until(deadline);
    }
}

asio::awaitable<Outcome<WatchState>> Desk::change(WatchRequest wish) {
    auto const result = co_await pass_on(std::move(wish));
    if (!result) co_return result.error();
    auto session = contract::parse_watch_state(*result);
    if (!session)
        co_return Trouble{.status = 503,
                          .detail =
                              "The daemon is of another version: " + to_text(session.error())};
    co_return *std::move(session);
}

asio::awaitable<Outcome<>> Desk::tell(WatchRequest wish) {
    auto const result = co_await pass_on(std::move(wish));
    if (!result) co_return result.error();
    co_return Outcome<>{};
}

asio::awaitable<Outcome<std::string>> Desk::pass_on(WatchRequest wish) {
    contract::ControlRequest command;
    command.op = "watch";
    command.watch = wish;
    auto reply = co_await surroundings_.ask(std::move(command));
    if (!reply)
        co_return Trouble{.status = 503,
                          .detail = "The daemon does not answer: " + to_text(reply.error()),
                          .fields = "Retry-After: 1\r\n"};
    if (!reply->ok) co_return trouble_of(*reply, wish);
    co_return std::move(reply->result);
}

Trouble Desk::trouble_of(contract::ControlReply const& reply, WatchRequest const& wish) {
    if (reply.error == "not_found") return {.status = 404, .detail = reply.message};
    if (reply.error == "malformed") return {.status = 400, .detail = reply.message};
    if (reply.error == "conflict") {
        auto const session = sessions().find(wish.session);
        bool const has_failed = session && session->phase == WatchState::Phase::failed;
        return has_failed ? dead_source(session->note)
                          : Trouble{.status = 409, .detail = reply.message};
    }
    return {.status = 503, .detail = reply.message, .fields = std::string(full_fields)};
}

} // namespace continuo::watch
