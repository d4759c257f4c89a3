// A channel's sound for the listeners of an Icecast server: fed with what the channel lists, kept
// alive beside it, never in its way.
#pragma once

#include "core/config/config.hpp"
#include "core/os/descriptor.hpp"
#include "supervisor/child/pipeline.hpp"
#include "supervisor/child/restart_policy.hpp"
#include "supervisor/plan.hpp"

#include <boost/asio/steady_timer.hpp>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace continuo::supervisor {

/// continuo-icecast play | ffmpeg | continuo-icecast send, started when the first segment is listed
/// and again whenever it dies. Where Icecast is away it is not this unit that dies: `send` tries
/// again by itself. Owned by its channel, whose config outlives it; all calls on the loop.
class Icecast {
public:
    /// `channel`: one that has an `icecast`.
    Icecast(Surroundings& surroundings, config::Channel const& channel);
    Icecast(Icecast const&) = delete;
    Icecast& operator=(Icecast const&) = delete;
    ~Icecast();

    /// Whose segments are to be handed to `listed`: the encoded variant with the best sound, whose
    /// codec never changes; else the copy.
    static std::size_t variant_of(config::Channel const& channel);

    void start();
    /// A segment was listed; `segment` is its whole path. Never blocks.
    void listed(std::filesystem::path const& segment);
    /// What listeners see as the title from now on.
    void title(std::string const& text);
    /// Kills all, at once: there is nothing to be saved.
    void stop();

    std::vector<pid_t> pids() const;
    /// "connected", "retrying: connection refused", ...: for status.
    std::string const& state() const { return state_; }

private:
    void launch();
    Result<> start_pipeline();
    void feed();
    void on_line(std::string const& child, std::string const& line);
    void on_end(child::PipelineExit const& exit);
    void restart_after(std::string const& why);
    void let_go();

    Surroundings& surroundings_;
    config::Channel const& channel_;
    std::string label_; ///< for the log
    std::filesystem::path title_file_;
    child::RestartPolicy policy_;
    std::unique_ptr<child::Pipeline> pipeline_;
    os::Descriptor paths_; ///< our end of the player's stdin
    std::filesystem::path newest_;
    std::string state_{"stopped"};
    asio::steady_timer restart_timer_;
    bool wanted_{false};
    std::shared_ptr<bool> alive_{std::make_shared<bool>(true)};
};

} // namespace continuo::supervisor
