// GET .../events: what happens to a session, as long as somebody listens and it is there.
#pragma once

#include "http/server/shared.hpp"
#include "http/server/stream.hpp"
#include "http/watch/bell.hpp"
#include "http/watch/session_list.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace continuo::watch {

/// Lives on its connection's loop; `sessions` and `bell` are `Watch`'s.
class EventStream final : public server::Stream {
public:
    /// Proxies hang up on what is silent for a minute.
    static constexpr std::chrono::seconds usual_comment_period{15};

    EventStream(server::Shared<SessionList> const& sessions, Bell& bell, std::string id,
                std::chrono::milliseconds comment_period = usual_comment_period);

    boost::asio::awaitable<Result<server::Body>> next() override;

private:
    using SteadyTime = std::chrono::steady_clock::time_point;

    server::Reader<SessionList> sessions_;
    Bell& bell_;
    std::string id_;
    std::chrono::milliseconds comment_period_; ///< a line that says nothing, each so often
    SessionPtr told_;                          ///< what the client knows
    SteadyTime next_comment_{};
    std::optional<Bell::Listener> listener_; ///< from the first call on
};

} // namespace continuo::watch
