// The daemon: keeps the channels that the config names, answers the control socket, reloads and
// stops.
#pragma once

#include "core/config/config.hpp"
#include "core/contract/control.hpp"
#include "supervisor/channel/channel.hpp"
#include "supervisor/channel/ladder_reader.hpp"
#include "supervisor/control/server.hpp"
#include "supervisor/plan.hpp"
#include "supervisor/watch/watch.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>

namespace continuo::supervisor {

/// Lives on main's stack, on one loop thread; `on_stopped` is called once nothing of it runs any
/// more.
class Daemon {
public:
    Daemon(Surroundings& surroundings, fs::path config_file, config::Config config);
    Daemon(Daemon const&) = delete;
    Daemon& operator=(Daemon const&) = delete;

    /// Opens the control socket, then starts every channel.
    Result<> start();
    /// Reads the config file again: what changed is restarted with its numbers, what is gone ends,
    /// what is new starts. A file with mistakes changes nothing; they are logged. Answers what was
    /// done, or why nothing was: also when the daemon is stopping (`Errc::conflict`).
    Result<std::string> reload();
    /// `how`: `remove`, or `keep` where the next daemon is to go on with the lists and somebody
    /// else removes them if there is none.
    void stop(Channel::Stop how, std::function<void()> on_stopped);

private:
    struct Waiting {
        config::Channel config;
        std::unique_ptr<LadderReader> reader;
    };

    void check_ffmpeg();
    void start_channel(config::Channel const& channel);
    void make_channel(config::Channel const& channel, Ladder ladder);
    void replace_channel(std::string const& name);
    void on_gone(std::string const& name);
    void remove_strangers() const;
    contract::ControlReply answer(contract::ControlRequest const& request);
    contract::ControlReply answer_switch(contract::ControlRequest const& request);
    contract::ControlReply answer_cue(contract::ControlRequest const& request);
    contract::ControlReply answer_watch(contract::ControlRequest const& request);
    std::string status() const;

    Surroundings& surroundings_;
    fs::path config_file_;
    config::Config config_;
    std::unique_ptr<control::Server> control_;
    std::unique_ptr<child::Child> ffmpeg_check_;
    std::map<std::string, std::unique_ptr<Channel>> channels_;
    std::map<std::string, Waiting> waiting_; ///< channels whose variants are not known yet
    std::map<std::string, std::unique_ptr<Channel>>
        leaving_; ///< as long as processes or files are left of them
    sessions::Watch watch_;
    std::function<void()> on_stopped_;
};

} // namespace continuo::supervisor
