#include "http/watch/rows.hpp"

#include "http/server/problem.hpp"
#include "http/watch/plain_handlers.hpp"

#include <string>
#include <string_view>
#include <utility>

namespace continuo::watch {
namespace {

using server::Method;
using server::Parameters;
using server::Request;
using server::Response;
using server::Router;
using Action = contract::WatchRequest::Action;
using Awaitable = boost::asio::awaitable<Response>;

/// What the rows of one thread refer to; theirs.
struct Answers {
    explicit Answers(std::shared_ptr<WatchHandlers> handlers)
        : own(std::move(handlers)), plain(own->desk()) {}

    bool is_on() const { return own->desk().settings().enabled; }

    std::shared_ptr<WatchHandlers> own;
    PlainHandlers plain;
};
using AnswersPtr = std::shared_ptr<Answers>;

Response switched_off() {
    return server::problem(404, "Watching together is not switched on here.");
}

Awaitable switched_off_later() {
    co_return switched_off();
}

/// Who watches what is nobody else's business: by default only our own pages may read the answer.
template <class Answer>
void add_get(Router& router, AnswersPtr const& answers, std::string_view pattern, Answer answer,
             bool is_for_all_sites = false) {
    router.add(Method::get, pattern,
               server::Handler([answers, answer, is_for_all_sites](Request const& request,
                                                                   Parameters const& parameters) {
                   if (!answers->is_on()) return switched_off();
                   Response response = answer(*answers, request, parameters);
                   response.is_for_all_sites = is_for_all_sites;
                   return response;
               }));
}

template <class Answer>
void add_late(Router& router, Method method, AnswersPtr const& answers, std::string_view pattern,
              Answer answer) {
    router.add(method, pattern,
               server::LateHandler([answers, answer](Request const& request,
                                                     Parameters const& parameters) -> Awaitable {
                   if (!answers->is_on()) return switched_off_later();
                   return answer(*answers, request, parameters["sid"]);
               }));
}

template <class Answer>
void add_post(Router& router, AnswersPtr const& answers, std::string_view pattern, Answer answer) {
    add_late(router, Method::post, answers, pattern, std::move(answer));
}

void add_pages(Router& router, AnswersPtr const& answers) {
    for (auto const* const pattern : {"/watch", "/watch/{sid}"})
        add_get(router, answers, pattern,
                [](Answers& all, Request const&, Parameters const&) { return all.own->page(); });
    add_get(router, answers, "/time",
            [](Answers& all, Request const&, Parameters const&) { return all.own->time(); });
}

void add_sessions(Router& router, AnswersPtr const& answers) {
    std::string const list = "/api/v1/sessions";
    auto const one = list + "/{sid}";
    add_get(router, answers, list,
            [](Answers& all, Request const&, Parameters const&) { return all.own->sessions(); });
    add_post(router, answers, list, [](Answers& all, Request const& request, std::string_view) {
        return all.own->open(request);
    });
    add_get(router, answers, one, [](Answers& all, Request const&, Parameters const& parameters) {
        return all.own->session(parameters["sid"]);
    });
    add_late(router, Method::remove, answers, one,
             [](Answers& all, Request const& request, std::string_view sid) {
                 return all.own->close(request, sid);
             });
    add_get(router, answers, one + "/events",
            [](Answers& all, Request const&, Parameters const& parameters) {
                return all.own->events(parameters["sid"]);
            });
    add_post(router, answers, one + "/seek",
             [](Answers& all, Request const& request, std::string_view sid) {
                 return all.own->seek(request, sid);
             });
    add_post(router, answers, one + "/tracks",
             [](Answers& all, Request const& request, std::string_view sid) {
                 return all.own->tracks(request, sid);
             });
    for (auto const& [name, action] :
         {std::pair{"/pause", Action::pause}, std::pair{"/resume", Action::resume}})
        add_post(router, answers, one + name,
                 [action = action](Answers& all, Request const& request, std::string_view sid) {
                     return all.own->hold(request, sid, action);
                 });
    for (auto const& [name, action] :
         {std::pair{"/heartbeat", Action::beat}, std::pair{"/leave", Action::leave}})
        add_post(router, answers, one + name,
                 [action = action](Answers& all, Request const& request, std::string_view sid) {
                     return all.own->presence(request, sid, action);
                 });
}

void add_streams(Router& router, AnswersPtr const& answers) {
    using Kind = StreamName::Kind;
    auto const add = [&](std::string_view pattern, Kind kind) {
        add_get(
            router, answers, pattern,
            [kind](Answers& all, Request const& request, Parameters const& parameters) {
                return all.own->stream(request, parameters["sid"],
                                       {.kind = kind,
                                        .channel = {},
                                        .variant = parameters["variant"],
                                        .file = parameters["file"]});
            },
            /*is_for_all_sites=*/true);
    };
    add("/streams/{sid}/playlist.m3u8", Kind::first_playlist);
    add("/streams/{sid}/master.m3u8", Kind::master);
    add("/streams/{sid}/{file}", Kind::first_segment);
    add("/streams/{sid}/{variant}/index.m3u8", Kind::playlist);
    add("/streams/{sid}/{variant}/{file}", Kind::segment);
}

void add_plain(Router& router, AnswersPtr const& answers) {
    add_get(router, answers, "/status",
            [](Answers& all, Request const&, Parameters const&) { return all.plain.status(); });
    add_get(router, answers, "/progress/{sid}",
            [](Answers& all, Request const&, Parameters const& parameters) {
                return all.plain.progress(parameters["sid"]);
            });
    add_post(router, answers, "/stream/{sid}",
             [](Answers& all, Request const& request, std::string_view sid) {
                 return all.plain.open(request, sid);
             });
    add_post(router, answers, "/stop/{sid}",
             [](Answers& all, Request const& request, std::string_view sid) {
                 return all.plain.stop(request, sid);
             });
    add_post(router, answers, "/heartbeat/{sid}",
             [](Answers& all, Request const& request, std::string_view sid) {
                 return all.plain.heartbeat(request, sid);
             });
}

} // namespace

void add_rows(Router& router, std::shared_ptr<WatchHandlers> const& handlers) {
    auto const answers = std::make_shared<Answers>(handlers);
    add_pages(router, answers);
    add_sessions(router, answers);
    add_streams(router, answers);
    add_plain(router, answers);
}

} // namespace continuo::watch
