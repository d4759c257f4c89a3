// Watching together, as the daemon has it: joins sessions to channels, keeps the way out for them,
// and tells of them in files.
#pragma once

#include "core/config/config.hpp"
#include "core/contract/control.hpp"
#include "core/contract/watch.hpp"
#include "supervisor/channel/channel.hpp"
#include "supervisor/plan.hpp"
#include "supervisor/watch/egress.hpp"
#include "supervisor/watch/room.hpp"
#include "supervisor/watch/sessions.hpp"

#include <boost/asio/steady_timer.hpp>

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace continuo::sessions {

namespace fs = std::filesystem;
namespace asio = boost::asio;

/// Owned by the daemon; all calls on the loop.
class Watch {
public:
    Watch(supervisor::Surroundings& surroundings, config::Watch config);
    Watch(Watch const&) = delete;
    Watch& operator=(Watch const&) = delete;
    ~Watch();

    /// What an earlier daemon left is told to be over; says what this machine lacks.
    void start();
    /// Another config: for what is opened from now on. Switched off, all sessions end.
    void configure(config::Watch config);
    contract::ControlReply answer(contract::WatchRequest const& request);
    /// Of the channels of those that run, JSON texts as `Channel::status` makes them.
    std::vector<std::string> status() const;
    /// Ends everything; `done` is called once, when the last process and file are gone. With
    /// `keep`, what tells of the sessions stays for the next daemon.
    void stop(supervisor::Channel::Stop how, std::function<void()> done);

private:
    class ChannelScreen;
    struct Leftover {
        contract::WatchState state;
        WallTime until{};
    };
    /// What a file says.
    struct Written {
        std::string text{};
        std::optional<contract::WatchState::Phase> phase{};
        std::string note{};
    };

    WallTime now() const { return surroundings_.wall_clock(); }
    contract::WatchState state_of(Session const& session) const;
    Result<std::unique_ptr<Screen>> make_screen(Session const& session);
    void let_go(std::unique_ptr<supervisor::Channel> channel);
    void read_leftovers();
    void settle();
    void arm();
    void write_files();
    void write_file(std::string const& id, contract::WatchState const& state);
    void sweep();
    void finish_stop();

    supervisor::Surroundings& surroundings_;
    WallTime clock_zero_; ///< of contract::WatchState
    config::Watch config_;
    Egress egress_;
    Room room_;
    Sessions sessions_;
    std::map<std::string, supervisor::Channel const*, std::less<>> showing_; ///< by session
    std::map<supervisor::Channel*, std::unique_ptr<supervisor::Channel>> leaving_;
    std::map<std::string, Leftover, std::less<>> leftovers_; ///< an earlier daemon's sessions
    std::map<std::string, Written, std::less<>> written_;
    bool write_failed_{false}; ///< and it was said
    asio::steady_timer timer_;
    supervisor::SteadyTime next_sweep_;
    std::function<void()> stopped_;
    bool stopping_{false};
    std::shared_ptr<bool> alive_{std::make_shared<bool>(true)};
};

} // namespace continuo::sessions
