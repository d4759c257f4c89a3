// The watch feature's answers on one thread: the page, the API of sessions, their streams.
#pragma once

#include "http/server/request.hpp"
#include "http/server/response.hpp"
#include "http/watch/desk.hpp"
#include "http/watch/stream_name.hpp"

#include <boost/asio/awaitable.hpp>

#include <functional>
#include <string_view>

namespace continuo::watch {

/// Each answers the route that http/watch/rows.cpp gives it. `name`: a session's id or alias.
class WatchHandlers {
public:
    /// `watch` outlives them.
    WatchHandlers(Watch& watch, Surroundings surroundings, ServeStream serve_stream);

    Desk& desk() noexcept { return desk_; }

    /// Whether watching together is all that is configured, so that `/` is its page.
    bool is_alone() const;
    server::Response page();
    server::Response time();

    server::Response sessions();
    server::Response session(std::string_view name);
    server::Response events(std::string_view name);
    server::Response stream(server::Request const& request, std::string_view name,
                            StreamName wanted);

    boost::asio::awaitable<server::Response> open(server::Request const& request);
    boost::asio::awaitable<server::Response> close(server::Request const& request,
                                                   std::string_view name);
    boost::asio::awaitable<server::Response> seek(server::Request const& request,
                                                  std::string_view name);
    boost::asio::awaitable<server::Response> tracks(server::Request const& request,
                                                    std::string_view name);
    /// `action`: pause or resume.
    boost::asio::awaitable<server::Response> hold(server::Request const& request,
                                                  std::string_view name,
                                                  contract::WatchRequest::Action action);
    /// `action`: beat or leave.
    boost::asio::awaitable<server::Response> presence(server::Request const& request,
                                                      std::string_view name,
                                                      contract::WatchRequest::Action action);

private:
    using ReadWish = std::function<Outcome<contract::WatchRequest>(server::Request const&)>;
    boost::asio::awaitable<server::Response> steer(server::Request const& request,
                                                   std::string_view name, ReadWish read_wish);

    Desk desk_;
    ServeStream serve_stream_;
};

} // namespace continuo::watch
