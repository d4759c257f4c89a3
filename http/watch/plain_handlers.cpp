#include "http/watch/plain_handlers.hpp"

#include "http/watch/answers.hpp"
#include "http/watch/machine.hpp"
#include "http/watch/session_json.hpp"
#include "http/watch/wishes.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <utility>

namespace continuo::watch {

namespace asio = boost::asio;

using contract::WatchRequest;
using nlohmann::ordered_json;
using server::Request;
using server::Response;

namespace {

Response plain_answer(ordered_json const& object, unsigned status = 200) {
    return json_answer(object.dump(-1, ' ', false, ordered_json::error_handler_t::replace) + '\n',
                       status);
}

Response plainly(Trouble const& trouble) {
    auto response = trouble.status == 404
                        ? plain_answer({{"status", "session_not_found"}}, 404)
                        : plain_answer({{"error", trouble.detail}}, trouble.status);
    response.fields = trouble.fields;
    return response;
}

/// Whether the session is `name`'s alone, so that whoever calls it so may end it.
bool is_shared(contract::WatchState const& session, std::string_view name) {
    return session.id != name && (session.aliases.size() > 1 || session.viewers > 1);
}

} // namespace

Response PlainHandlers::status() const {
    auto const machine = look_at_machine(desk_.watch().runtime_dir());
    return plain_answer({{"ffmpeg", machine.ffmpeg},
                         {"mpv", machine.mpv},
                         {"ffprobe", machine.ffprobe},
                         {"is_ramdisk", machine.tmpfs_note.empty()},
                         {"ramdisk_instructions", machine.tmpfs_note}});
}

Response PlainHandlers::progress(std::string_view name) {
    auto const session = desk_.sessions().find(name);
    if (!session) return plainly({.status = 404});
    return json_answer(progress_json(*session, now_of(*session)));
}

asio::awaitable<Response> PlainHandlers::open(Request const& request, std::string_view name) {
    if (auto const refusal = desk_.refuse(request, Effect::steering)) co_return plainly(*refusal);
    auto const members = members_of(request);
    if (!members) co_return plainly(members.error());
    auto wish = plain_opening_wish(*members, name);
    if (!wish) co_return plainly(wish.error());
    auto const opened = co_await desk_.open(request, std::move(*wish));
    co_return opened ? plain_answer({{"status", "ok"}}) : plainly(opened.error());
}

asio::awaitable<Response> PlainHandlers::stop(Request const& request, std::string_view name) {
    if (auto const refusal = desk_.refuse(request, Effect::steering)) co_return plainly(*refusal);
    auto const members = members_of(request);
    if (!members) co_return plainly(members.error());
    WatchRequest wish;
    wish.session = name;
    auto const session = desk_.sessions().find(name);
    if (session && is_shared(*session, name)) {
        wish.action = WatchRequest::Action::forget;
    } else {
        wish.action = WatchRequest::Action::close;
        wish.discards = is_set(*members, "hard");
    }
    auto const done = co_await desk_.tell(std::move(wish));
    co_return done ? plain_answer({{"status", "stopped"}}) : plainly(done.error());
}

asio::awaitable<Response> PlainHandlers::heartbeat(Request const& request, std::string_view name) {
    if (auto const refusal = desk_.refuse(request, Effect::presence)) co_return plainly(*refusal);
    auto const members = members_of(request);
    if (!members) co_return plainly(members.error());
    auto wish = presence_wish(*members, WatchRequest::Action::beat, name, client_of(request));
    if (!wish) co_return plainly(wish.error());
    auto const done = co_await desk_.tell(std::move(*wish));
    co_return done ? plain_answer({{"status", "ok"}}) : plainly(done.error());
}

} // namespace continuo::watch
