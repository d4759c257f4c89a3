// One run: a source with its ladder (or the slate in all sizes), from its first process to its
// last.
#pragma once

#include "core/config/config.hpp"
#include "core/contract/channel_snapshot.hpp"
#include "core/contract/run_directory.hpp"
#include "core/media/film.hpp"
#include "supervisor/child/pipeline.hpp"
#include "supervisor/child/restart_policy.hpp"
#include "supervisor/plan.hpp"
#include "supervisor/run/film_texts.hpp"
#include "supervisor/run/ladder.hpp"
#include "supervisor/run/slate.hpp"
#include "supervisor/segment/ladder_lines.hpp"
#include "supervisor/segment/run_reader.hpp"
#include "supervisor/source/chooser.hpp"
#include "workers/mpv/command_line.hpp"

#include <boost/asio/steady_timer.hpp>

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace continuo::supervisor {

/// What a run reads, and from where on.
struct RunSource {
    source::SourceId id{};
    config::Source config;
    std::chrono::milliseconds position{}; ///< where a finite file goes on
    bool through_ffmpeg{true};            ///< false: HLS that our own reader fetches
    std::optional<contract::WallTime>
        at{};                          ///< begin with what was made then; nothing: near the end
    bool short_first{false};           ///< the first segment is one GOP, so that it is there soon
    std::optional<media::Film> film{}; ///< what an earlier run found in it (mpv)
    Ladder ladder{}; ///< of a resegmented channel: each variant is read from a playlist of its own
    std::optional<std::chrono::milliseconds> read_ahead{}; ///< nothing: as channels do
    std::chrono::milliseconds probe_timeout{30'000};       ///< for a film's tracks
    bool with_texts{false}; ///< a film's subtitles are written beside its pictures, too
};

/// How a run ended.
struct RunEnd {
    bool clean{false}; ///< every process of the source ended with 0: the source came to its end
    bool tail_counts{false};  ///< the source ended by itself: its torn last segment is content
    bool hopeless{false};     ///< the source can't be used as it is; trying again will not help
    bool needs_ffmpeg{false}; ///< our own reader can't take it
    bool killed{false};       ///< one of its processes, by somebody else
    bool broke_off{false};    ///< a film's data ended before the film did
    std::string why{};
};

class Run;

/// Called on the loop. `on_end` is the last; the owner may destroy the run from within it.
struct RunHandlers {
    std::function<void(Run&, std::size_t variant, contract::SegmentLine const&, std::string path)>
        on_segment;
    std::function<void(Run&)> on_info;   ///< the grid is known, and which variants are made
    std::function<void(Run&)> on_film{}; ///< its tracks are known
    /// A variant's unit died while the source lives and is started again; answers where it should
    /// go on.
    std::function<std::optional<Ticks90k>(Run&, std::size_t variant)> on_variant_restart;
    std::function<void(Run&, RunEnd const&)> on_end;
};

/// Owned by its channel; handlers are the channel's. Variants are restarted here, one by one; when
/// the source dies the ladder drains and the run is over.
class Run {
public:
    /// `source`: nothing for the slate.
    Run(Surroundings& surroundings, config::Channel const& channel, std::string name,
        std::optional<RunSource> source, RunHandlers handlers);
    Run(Run const&) = delete;
    Run& operator=(Run const&) = delete;
    ~Run();

    Result<> start_source();
    Result<> start_slate(SlateFiles const& files);

    /// Asks everything to end; `on_end` follows within 1.5 s.
    void stop();
    /// A film's source reads nothing more, until `release`; its processes wait.
    void hold();
    void release();
    /// Replaces what shows no segments; to be called about once a second.
    void check_stalls(SteadyTime now);

    std::string const& name() const { return name_; }
    std::optional<source::SourceId> source() const {
        return source_ ? std::optional(source_->id) : std::nullopt;
    }
    SteadyTime started() const { return started_; }
    std::optional<contract::RunInfo> const& info() const { return info_; }
    /// What its film holds; nothing until that is known, and for other sources.
    std::optional<media::Film> const& film() const { return film_; }
    bool makes(std::size_t variant) const { return units_[variant].made; }
    bool stopping() const { return stopping_; }

    struct VariantStatus {
        unsigned restarts{};
        std::vector<pid_t> pids;
    };
    VariantStatus variant_status(std::size_t variant) const;
    std::vector<pid_t> source_pids() const;
    /// Where its source's segmenter looks for cues that were asked for by hand.
    fs::path const& cue_file() const { return cues_; }
    /// What the source's processes, which run, said last; empty when they said nothing.
    std::string last_words() const;
    /// Run directories that it may still write to: "720p/18c2f3a9b01".
    std::vector<std::string> directories() const;

private:
    struct Unit {
        explicit Unit(config::RestartLimits const& limits) : policy(limits) {}
        bool made{true};
        bool is_source{false}; ///< the copy: cut by the source's own segmenter
        child::RestartPolicy policy;
        std::unique_ptr<child::Pipeline> pipeline;
        std::unique_ptr<segment::RunReader> reader;
        std::string directory; ///< of its newest run, below the channel's
        std::unique_ptr<asio::steady_timer>
            timer; ///< back-off, or the wait for the source's own end
        SteadyTime last_progress{};
        unsigned restarts{0};
    };

    fs::path directory_of(std::string_view variant, std::string const& run) const;
    Result<fs::path> make_directory(std::string_view variant, std::string const& run);
    Result<std::unique_ptr<segment::RunReader>> read_run(std::size_t variant,
                                                         std::string const& run, bool of_source);
    void on_info(contract::RunInfo const& info);
    void on_line(std::size_t variant, std::string const& run, contract::SegmentLine const& line);
    Result<> start_variant(std::size_t variant, std::optional<Ticks90k> from);
    Result<std::unique_ptr<child::Pipeline>>
    start_encoder(std::size_t variant, std::optional<Ticks90k> from, fs::path const& directory);
    Result<std::unique_ptr<child::Pipeline>> start_follower(std::size_t variant,
                                                            fs::path const& directory);
    child::PipelineHandlers variant_handlers(std::size_t variant);
    void restart_variant(std::size_t variant);
    void try_variant(std::size_t variant, std::optional<Ticks90k> from);
    void back_off(std::size_t variant, std::string const& why);
    std::function<void()> while_alive(std::function<void()> then) const;
    void after(Unit& unit, std::chrono::milliseconds delay, std::function<void()> then);
    void on_variant_end(std::size_t variant, child::PipelineExit const& exit);
    void on_source_end(child::PipelineExit const& exit);
    void finish_when_drained();
    child::PipelineHandlers
    pipeline_handlers(std::string label, std::function<void(child::PipelineExit const&)> on_end);
    std::vector<workers::Command> source_commands(fs::path const& directory) const;
    bool is_resegmented() const { return source_ && !source_->ladder.empty(); }
    workers::Command resegment_command(std::size_t variant, fs::path const& directory) const;
    Result<> start_source_pipeline(std::string const& run);
    bool restart_leader(child::PipelineExit const& exit);
    std::vector<workers::Command> film_commands(fs::path const& directory) const;
    Result<> start_film();
    Result<> probe_film();
    void on_film_probed(child::PipelineExit const& exit);
    Result<> play_film();
    void judge_film_end();
    void start_texts();
    void hand_on(std::size_t variant, std::string const& run, contract::SegmentLine const& line);
    void release_lines(SteadyTime now);
    void end_with(RunEnd end);
    void let_go_of_pipeline();
    std::string label(std::size_t variant) const;

    Surroundings& surroundings_;
    config::Channel const& channel_;
    std::string name_;
    std::optional<RunSource> source_;
    RunHandlers handlers_;
    std::vector<Unit> units_;
    std::optional<std::size_t> copy_;            ///< the variant that is the source as it is
    std::unique_ptr<child::Pipeline> pipeline_;  ///< ingest | segmenter
    std::unique_ptr<segment::RunReader> reader_; ///< of the source's run directory
    fs::path socket_;
    fs::path cuts_;
    fs::path cues_;
    fs::path boundaries_;         ///< of a resegmented channel
    segment::LadderLines ladder_; ///< the same: what its segmenters wrote
    std::optional<contract::RunInfo> info_;
    std::optional<media::Film> film_;           ///< that mpv plays; nothing while it is looked into
    std::optional<workers::mpv::Film> playing_; ///< the same, with its tracks chosen
    std::unique_ptr<FilmTexts> texts_;
    struct WaitingLine {
        std::size_t variant{};
        std::string run;
        contract::SegmentLine line;
        SteadyTime since{};
    };
    std::deque<WaitingLine> waiting_lines_;           ///< of pictures, until their texts are known
    std::unique_ptr<asio::steady_timer> probe_timer_; ///< how long it may take to look into it
    std::optional<Ticks90k> reached_; ///< where the last segment of the source ended
    std::optional<RunEnd> end_;       ///< the source has ended; the ladder drains
    std::unique_ptr<asio::steady_timer> drain_timer_;
    SteadyTime started_;
    SteadyTime last_progress_;
    std::string stalled_;   ///< why we ended the source ourselves
    std::string complaint_; ///< "; " and what ffprobe said that tells why it failed
    bool held_{false};
    bool stopping_{false};
    bool ended_{false};
    /// What is still queued on the loop when we are destroyed finds this gone, and does nothing.
    std::shared_ptr<bool> alive_{std::make_shared<bool>(true)};
};

} // namespace continuo::supervisor
