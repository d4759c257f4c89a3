// Where requests that change something are admitted and passed on to the daemon: for both dialects
// of the API.
#pragma once

#include "core/base/result.hpp"
#include "core/config/config.hpp"
#include "core/contract/control.hpp"
#include "core/contract/watch.hpp"
#include "http/server/request.hpp"
#include "http/server/shared.hpp"
#include "http/watch/trouble.hpp"
#include "http/watch/watch.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace continuo::watch {

/// Sends a request to the daemon.
using Ask = std::function<boost::asio::awaitable<Result<contract::ControlReply>>(
    contract::ControlRequest request)>;

/// What the handlers of one thread need of the world around them.
struct Surroundings {
    std::function<config::Config const&()> config;
    std::function<std::string const&()> token; ///< of watch.token_file; empty: none is configured
    Ask ask;
    /// What the limits of requests go by.
    std::function<std::chrono::steady_clock::time_point()> now{std::chrono::steady_clock::now};
};

/// What a request does.
enum class Effect : std::uint8_t {
    presence, ///< says that a viewer is there, or goes: everybody who watches may
    steering,
};

/// One thread's.
class Desk {
public:
    /// `watch` outlives it.
    Desk(Watch& watch, Surroundings surroundings);

    config::Config const& config() const { return surroundings_.config(); }
    config::Watch const& settings() const { return config().watch; }
    /// Valid until the next call.
    SessionList const& sessions() { return sessions_.newest(); }
    Watch& watch() noexcept { return watch_; }

    /// 401, 403, 429, or nothing.
    std::optional<Trouble> refuse(server::Request const& request, Effect effect) const;

    struct Opened {
        contract::WatchState session;
        bool is_new{false};
    };
    /// Opens or joins, and waits until others find it, too. `request` has been admitted. Troubles:
    /// 400 with the reason why the URL is not taken, 429, 502, 503.
    boost::asio::awaitable<Outcome<Opened>> open(server::Request const& request,
                                                 contract::WatchRequest wish);
    /// The session after what is wished. Troubles: 404, 409, 502, 503.
    boost::asio::awaitable<Outcome<contract::WatchState>> change(contract::WatchRequest wish);
    /// As `change`, for what leaves no session to speak of.
    boost::asio::awaitable<Outcome<>> tell(contract::WatchRequest wish);

private:
    std::optional<Trouble> refuse_often(RateLimit& limit, server::Request const& request) const;
    /// What the daemon says, as JSON.
    boost::asio::awaitable<Outcome<std::string>> pass_on(contract::WatchRequest wish);
    boost::asio::awaitable<void> wait_until_found(std::string id, std::string name);
    Trouble trouble_of(contract::ControlReply const& reply, contract::WatchRequest const& wish);

    Watch& watch_;
    Surroundings surroundings_;
    server::Reader<SessionList> sessions_;
};

} // namespace continuo::watch
