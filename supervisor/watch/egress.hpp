// The one way out for what strangers name: keeps continuo-egress running and knows its doors.
#pragma once

#include "core/config/config.hpp"
#include "supervisor/child/child.hpp"
#include "supervisor/child/restart_policy.hpp"
#include "supervisor/plan.hpp"
#include "workers/egress/command_line.hpp"

#include <boost/asio/steady_timer.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace continuo::sessions {

namespace asio = boost::asio;

/// Owned by `Watch`; all calls on the loop. A program that died is started again on the same ports,
/// so that what runs goes on.
class Egress {
public:
    explicit Egress(supervisor::Surroundings& surroundings);
    Egress(Egress const&) = delete;
    Egress& operator=(Egress const&) = delete;

    /// Also with other settings: it is replaced then.
    void start(config::Watch const& config);
    void stop();

    /// The proxy for a URL, or for the torrent gateway's; nothing while it does not listen.
    std::optional<std::string> door(bool of_gateway) const;

private:
    void launch();
    void on_line(std::string const& line);
    void on_exit(child::Exit const& exit);
    void restart_after(std::string const& why);

    supervisor::Surroundings& surroundings_;
    workers::egress::ServeOptions options_;
    child::RestartPolicy policy_{{}};
    std::unique_ptr<child::Child> child_;
    std::optional<workers::egress::Doors> doors_;
    asio::steady_timer restart_timer_;
    bool wanted_{false};
    std::shared_ptr<bool> alive_{std::make_shared<bool>(true)};
};

} // namespace continuo::sessions
