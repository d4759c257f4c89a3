// A channel: joins sources, runs and the timeline. What plays is decided by the chooser, what is
// listed by the timeline; here their answers are carried out.
#pragma once

#include "core/config/config.hpp"
#include "core/contract/watch.hpp"
#include "supervisor/channel/break_history.hpp"
#include "supervisor/channel/cue_orders.hpp"
#include "supervisor/channel/icecast.hpp"
#include "supervisor/channel/playhead.hpp"
#include "supervisor/channel/screening.hpp"
#include "supervisor/child/restart_policy.hpp"
#include "supervisor/plan.hpp"
#include "supervisor/run/run.hpp"
#include "supervisor/run/slate.hpp"
#include "supervisor/source/chooser.hpp"
#include "supervisor/store/publisher.hpp"
#include "supervisor/store/timeline.hpp"

#include <boost/asio/steady_timer.hpp>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace continuo::supervisor {

/// Owned by the daemon, from the config that names it until its last process and file are gone.
class Channel {
public:
    /// `ladder`: of a resegmented channel, whose playlist has been read; else empty.
    /// `screening`: of a session's channel.
    Channel(Surroundings& surroundings, config::Channel config, Ladder ladder,
            std::optional<ScreeningOptions> screening = {});
    Channel(Channel const&) = delete;
    Channel& operator=(Channel const&) = delete;
    ~Channel();

    void start();

    /// What becomes of the files when it stops.
    enum class Stop : std::uint8_t {
        remove, ///< the daemon ends: nothing stays on tmpfs
        finish, ///< the channel left the config: ENDLIST, and the files stay as long as players may
                ///< ask
        keep,   ///< one of the same name replaces it, which goes on with numbers and list
    };
    /// Ends all processes; `done` is called once, when they are gone and the files are as wanted.
    /// May be asked again for something else: then the first `done` may be left out.
    void stop(Stop how, std::function<void()> done);

    /// Forgets failures and starts a new run of every source.
    void restart();
    /// Another stream for a playhead channel, as an operator asks for it.
    /// Errors: `Errc::conflict` where the channel has no playhead.
    Result<> switch_to(source::Head head);
    /// A cue by hand; errors as `CueOrders::accept` has them.
    Result<CueOrders::Accepted> order_cue(contract::CueRequest const& request);

    // of a screening; what a session asks for

    /// The film from `position` on, with these tracks: replaces what is on air at once, behind a
    /// discontinuity; also when it was over or had failed. Errors, and nothing changes:
    /// `Errc::not_found` for a track, `Errc::out_of_range` for a position that the film does not
    /// have; the context is a sentence for people.
    Result<> watch_from(std::chrono::milliseconds position, contract::TrackChoices const& tracks);
    /// Everything stands still: nothing more is listed, read or due, until `release`. A screening
    /// that viewers can't begin yet comes to its first segments before.
    void hold();
    void release();
    /// It is over here: its processes end and the list does, too. The files stay until `stop`.
    void end_screening();
    FilmReport film_report() const;

    std::string const& name() const { return config_.name; }
    /// JSON text for `continuo status` and the API.
    std::string status() const;

private:
    struct SourceRecord {
        config::Source config;
        child::RestartPolicy policy;
        std::optional<store::Reached> end; ///< of its newest run, if its clock outlives one
        std::string why;                   ///< the last thing that went wrong
        unsigned restarts{0};
        bool delivered{false};             ///< at some time
        std::optional<media::Film> film{}; ///< what its newest run found in it (mpv)
        bool through_ffmpeg{true};         ///< false: HLS that our own reader fetches
    };

    source::SourceId add_source(config::Source const& config);
    void evaluate();
    void carry_out(source::Orders const& orders, SteadyTime now);
    void start_source(source::SourceId source, SteadyTime now);
    RunSource plan_of(source::SourceId source, SteadyTime now) const;
    void judge_readiness(SteadyTime now);
    bool may_take_over(Run const& run, SteadyTime now) const;
    void choose_on_air(SteadyTime now);
    void doubt_sources(SteadyTime now);
    void go_to_slate(SteadyTime now);
    void judge_slate_end(Run const& run, RunEnd const& end, SteadyTime now);
    bool is_slate(std::string const& run) const;
    void publish();
    void remember_numbers(bool exact);
    void arm(SteadyTime now);
    void tick();
    void finish_stop();
    void end_list();

    void on_segment(Run& run, std::size_t variant, contract::SegmentLine const& line,
                    std::string path);
    std::optional<Ticks90k> on_variant_restart(Run& run, std::size_t variant);
    void on_end(Run& run, RunEnd const& end);
    void judge_end(Run const& run, RunEnd const& end, SteadyTime now);
    RunHandlers run_handlers();
    std::chrono::milliseconds until_next_turn(SourceRecord const& record) const;
    source::Ended judged(SourceRecord& record, Run const& run, RunEnd const& end, SteadyTime now);
    Run* run_of(source::SourceId source) const;
    Run* run_named(std::string const& name) const;
    std::string source_text(source::SourceId source) const;
    std::string on_its_way() const;
    contract::ChannelState state_now() const;
    std::set<std::string> active_directories() const;

    void feed_icecast();
    void settle_cues(SteadyTime now);

    // screenings
    void settle_hold(SteadyTime now);
    void tell_of_screening();
    std::vector<std::string> texts_of(std::vector<std::string> const& segments) const;
    std::uint64_t bytes_of_texts(std::string const& segment) const;
    source::Ended judged_screening(SourceRecord& record, Run const& run, RunEnd const& end,
                                   SteadyTime now);
    bool stands_still() const;

    // playhead channels
    void on_head(source::Head const& head);
    void watch_transition(SteadyTime now);
    void note_switched();
    void note_delay(SourceRecord& record, Run const* run) const;
    void forget_sources();
    bool is_head(source::SourceId source) const { return playhead_ && source == head_; }

    Surroundings& surroundings_;
    config::Channel written_;
    Ladder ladder_;
    config::Channel config_; ///< with the variants and the source that `ladder_` makes
    store::Publisher publisher_;
    std::unique_ptr<store::Timeline> timeline_;
    source::Chooser chooser_;
    std::map<source::SourceId, SourceRecord> records_;
    source::SourceId next_source_{0};
    std::vector<std::unique_ptr<Run>> runs_;
    std::optional<source::SourceId>
        on_air_source_; ///< whose segments are listed; nothing: the slate's, or none yet

    CueOrders cue_orders_;
    BreakHistory breaks_;

    std::unique_ptr<Icecast> icecast_;
    std::uint64_t icecast_number_{0}; ///< the next one to be handed to it
    std::string icecast_title_;

    std::unique_ptr<Playhead> playhead_;
    std::optional<source::SourceId> head_;       ///< what the playhead wants to be on air
    std::optional<source::SourceId> last_shown_; ///< what viewers saw last, the slate left out
    std::optional<SteadyTime> transition_ends_;  ///< the head is to be ready by then
    bool head_is_listed_{false};

    std::optional<ScreeningOptions> const screening_options_;
    std::optional<Screening> screening_; ///< from the start on
    source::SourceId film_{};            ///< that is shown since the newest jump
    FilmReport told_{};

    SlateMaker slate_;
    child::RestartPolicy slate_policy_;
    SteadyTime slate_at_{}; ///< not started again before

    asio::steady_timer timer_;  ///< the timeline's next deadline
    asio::steady_timer ticker_; ///< once a second: stalls, sweeping
    contract::ChannelState state_;
    bool publish_failed_{false};
    unsigned ticks_{0};
    std::optional<Stop> stopping_;
    bool ended_{false}; ///< the list has its end
    std::function<void()> stopped_;
    std::shared_ptr<bool> alive_{std::make_shared<bool>(true)};
};

} // namespace continuo::supervisor
