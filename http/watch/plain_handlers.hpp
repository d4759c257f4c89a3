// The watch feature under the URLs of the service whose place it can take: its clients choose a
// session's name themselves, and read small objects.
#pragma once

#include "http/server/request.hpp"
#include "http/server/response.hpp"
#include "http/watch/desk.hpp"

#include <boost/asio/awaitable.hpp>

#include <string_view>

namespace continuo::watch {

/// One thread's; each answers the route that http/watch/rows.cpp gives it. `name`: as the client
/// calls the session, or its id.
class PlainHandlers {
public:
    /// `desk` outlives them.
    explicit PlainHandlers(Desk& desk) : desk_(desk) {}

    server::Response status() const;
    server::Response progress(std::string_view name);
    boost::asio::awaitable<server::Response> open(server::Request const& request,
                                                  std::string_view name);
    boost::asio::awaitable<server::Response> stop(server::Request const& request,
                                                  std::string_view name);
    boost::asio::awaitable<server::Response> heartbeat(server::Request const& request,
                                                       std::string_view name);

private:
    Desk& desk_;
};

} // namespace continuo::watch
