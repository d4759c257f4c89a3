// A channel: joins sources, runs and the timeline. What plays is decided by the chooser, what is
// listed by the timeline; here their answers are carried out.
#pragma once

#include "core/config/config.hpp"
#include "supervisor/child/restart_policy.hpp"
#include "supervisor/plan.hpp"
#include "supervisor/run.hpp"
#include "supervisor/slate.hpp"
#include "supervisor/source/chooser.hpp"
#include "supervisor/store/publisher.hpp"
#include "supervisor/store/timeline.hpp"

#include <boost/asio/steady_timer.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace continuo::supervisor {

/// Owned by the daemon, from the config that names it until its last process and file are gone.
class Channel {
public:
    Channel(Surroundings& surroundings, config::Channel config);
    Channel(Channel const&) = delete;
    Channel& operator=(Channel const&) = delete;
    ~Channel();

    void start();

    /// What becomes of the files when it stops.
    enum class Stop : std::uint8_t {
        remove, ///< the daemon ends: nothing stays on tmpfs
        finish, ///< the channel left the config: ENDLIST, and the files stay as long as players may
                ///< ask
        keep,   ///< it is replaced by one of the same name, which goes on with numbers and list
    };
    /// Ends all processes; `done` is called once, when they are gone and the files are as wanted.
    void stop(Stop how, std::function<void()> done);

    /// Forgets failures and starts a new run of every source.
    void restart();

    std::string const& name() const { return config_.name; }
    config::Channel const& config() const { return config_; }
    /// JSON text for `continuo status` and the API.
    std::string status() const;

private:
    struct SourceRecord {
        child::RestartPolicy policy;
        std::optional<Ticks90k> end; ///< of its newest run, where its clock goes on over restarts
        std::string why;             ///< the last thing that went wrong
        unsigned restarts{0};
    };

    void evaluate();
    void carry_out(source::Orders const& orders, SteadyTime now);
    void start_source(std::size_t source, SteadyTime now);
    void judge_readiness(SteadyTime now);
    void choose_on_air(SteadyTime now);
    void go_to_slate(SteadyTime now);
    bool is_slate(std::string const& run) const;
    void publish(SteadyTime now);
    void arm(SteadyTime now);
    void tick();
    void finish_stop();

    void on_segment(Run& run, std::size_t variant, contract::SegmentLine const& line,
                    std::string path);
    std::optional<Ticks90k> on_variant_restart(Run& run, std::size_t variant);
    void on_end(Run& run, RunEnd const& end);
    void judge_end(Run const& run, RunEnd const& end, SteadyTime now);
    RunHandlers run_handlers();
    Run* run_of(std::size_t source) const;
    Run* run_named(std::string const& name) const;
    std::string source_text(std::size_t source) const;
    contract::ChannelState state_now() const;
    std::set<std::string> active_directories() const;
    bool keeps_clock(std::size_t source) const;

    Surroundings& surroundings_;
    config::Channel config_;
    store::Publisher publisher_;
    std::unique_ptr<store::Timeline> timeline_;
    source::Chooser chooser_;
    std::vector<SourceRecord> records_;
    std::vector<std::unique_ptr<Run>> runs_;
    std::optional<std::size_t>
        on_air_source_; ///< whose segments are listed; nothing: the slate's, or none yet

    SlateMaker slate_;

    asio::steady_timer timer_;  ///< the timeline's next deadline
    asio::steady_timer ticker_; ///< once a second: stalls, sweeping
    contract::ChannelState state_;
    bool publish_failed_{false};
    unsigned ticks_{0};
    std::optional<Stop> stopping_;
    std::function<void()> stopped_;
    std::shared_ptr<bool> alive_{std::make_shared<bool>(true)};
};

} // namespace continuo::supervisor
