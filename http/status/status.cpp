#include "http/status/status.hpp"

#include "core/contract/layout.hpp"
#include "http/server/access.hpp"
#include "http/server/problem.hpp"
#include "http/status/channel_json.hpp"
#include "http/status/control_client.hpp"
#include "http/status/dashboard.hpp"
#include "http/status/switch_request.hpp"
#include "http/web/assets.hpp"
#include "http/web/html.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <algorithm>
#include <utility>

namespace continuo::status {

namespace asio = boost::asio;

namespace {

SteadyTime now() {
    return std::chrono::steady_clock::now();
}

server::Response json_answer(std::string text) {
    return server::answer(server::represent(std::move(text), "application/json", server::no_store));
}

server::Response no_such_channel(std::string_view name) {
    return server::problem(404, fmt::format("There is no channel \"{}\".", name));
}

config::Channel const* find_channel(config::Config const& config, std::string_view name) {
    auto const found = std::ranges::find(config.channels, name, &config::Channel::name);
    return found == config.channels.end() ? nullptr : &*found;
}

unsigned status_of(contract::ControlReply const& reply) {
    if (reply.error == "not_found") return 404;
    if (reply.error == "conflict") return 409;
    if (reply.error == "malformed") return 400;
    return 503;
}

} // namespace

StatusHandlers::StatusHandlers(Surroundings surroundings)
    : surroundings_(std::move(surroundings)) {}

bool StatusHandlers::knows(std::string_view channel) const {
    return find_channel(*surroundings_.config(), channel) != nullptr;
}

server::Response StatusHandlers::healthz() const {
    return json_answer("{\"status\":\"ok\"}\n");
}

server::Response StatusHandlers::readyz() const {
    auto const directory = contract::channels_directory(surroundings_.runtime_dir());
    if (::access(directory.c_str(), R_OK | X_OK) != 0)
        return server::problem(
            503, fmt::format("\"{}\" can't be read: is continuod running?", directory.string()));
    std::string reasons;
    auto const config = surroundings_.config();
    for (auto const& channel : config->channels) {
        auto const condition = condition_of(surroundings_.find_snapshot(channel.name), now());
        if (condition.on_air) continue;
        reasons +=
            fmt::format("{}channel \"{}\" is {}{}{}", reasons.empty() ? "" : "; ", channel.name,
                        condition.state, condition.note.empty() ? "" : ": ", condition.note);
    }
    if (!reasons.empty()) return server::problem(503, reasons, "Retry-After: 1\r\n");
    return json_answer("{\"status\":\"ready\"}\n");
}

server::Response StatusHandlers::health() const {
    return json_answer(health_json(*surroundings_.config(), surroundings_.find_snapshot, now()));
}

server::Response StatusHandlers::channels() const {
    return json_answer(channels_json(*surroundings_.config(), surroundings_.find_snapshot, now()));
}

server::Response StatusHandlers::channel(std::string_view name) const {
    auto const config = surroundings_.config();
    auto const* const channel = find_channel(*config, name);
    if (!channel) return no_such_channel(name);
    return json_answer(channel_json(*channel, surroundings_.find_snapshot(name), now()));
}

asio::awaitable<server::Response> StatusHandlers::restart(server::Request const& request,
                                                          std::string_view name) const {
    if (auto refusal = server::refuse_change(request, surroundings_.token())) co_return *refusal;
    if (!knows(name)) co_return no_such_channel(name);
    contract::ControlRequest command;
    command.op = "restart";
    command.channel = name;
    Accepted accepted = [text = "{\"restarting\":\"" + command.channel + "\"}\n"](auto const&) {
        return text;
    };
    co_return co_await pass_on(std::move(command), std::move(accepted));
}

asio::awaitable<server::Response> StatusHandlers::switch_to(server::Request const& request,
                                                            std::string_view name) const {
    if (auto refusal = server::refuse_change(request, surroundings_.token())) co_return *refusal;
    if (!knows(name)) co_return no_such_channel(name);
    if (!may_be_json(request.content_type))
        co_return server::problem(415, "The body has to be application/json.");
    auto url = parse_switch_request(request.body);
    if (!url) co_return server::problem(400, url.error().context);
    contract::ControlRequest command;
    command.op = "switch";
    command.channel = name;
    command.url = std::move(*url);
    Accepted accepted = [text = switching_json(command.channel, command.url)](auto const&) {
        return text;
    };
    co_return co_await pass_on(std::move(command), std::move(accepted));
}

asio::awaitable<server::Response> StatusHandlers::cue(server::Request const& request,
                                                      std::string_view name) const {
    if (auto refusal = server::refuse_change(request, surroundings_.token())) co_return *refusal;
    if (!knows(name)) co_return no_such_channel(name);
    if (!may_be_json(request.content_type))
        co_return server::problem(415, "The body has to be application/json.");
    auto cue = contract::parse_cue_request(request.body);
    if (!cue) co_return server::problem(400, cue.error().context);
    contract::ControlRequest command;
    command.op = "cue";
    command.channel = name;
    command.cue = std::move(*cue);
    Accepted accepted = [channel = command.channel](std::string const& result) {
        return cue_json(channel, result);
    };
    co_return co_await pass_on(std::move(command), std::move(accepted));
}

/// Asks the daemon; its consent is 202 with what `accepted` makes of it, anything else a problem.
asio::awaitable<server::Response> StatusHandlers::pass_on(contract::ControlRequest command,
                                                          Accepted accepted) const {
    auto const reply =
        co_await ask(contract::control_socket(surroundings_.runtime_dir()), std::move(command));
    if (!reply)
        co_return server::problem(503, "The daemon does not answer: " + to_text(reply.error()),
                                  "Retry-After: 1\r\n");
    if (!reply->ok) co_return server::problem(status_of(*reply), reply->message);
    auto response = json_answer(accepted(reply->result));
    response.status = 202;
    co_return response;
}

server::Response StatusHandlers::dashboard() const {
    auto const config = surroundings_.config();
    auto const list = channel_list(*config, surroundings_.find_snapshot, now());
    std::string links;
    if (config->livesim) links += R"(<a href="/assets">Assets</a> )";
    if (config->watch.enabled) links += R"(<a href="/watch">Watch together</a>)";
    auto const page = web::filled(web::text_of("index.html"), "links", links);
    return web::page(web::filled(page, "channels", list));
}

server::Response StatusHandlers::player(std::string_view channel) const {
    if (!knows(channel)) return no_such_channel(channel);
    auto const page = web::filled(web::text_of("play.html"), "channel", web::escaped(channel));
    return web::page(web::filled(page, "hls", web::hls_path()));
}

} // namespace continuo::status
