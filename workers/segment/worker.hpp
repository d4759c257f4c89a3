// The shell around the segmenter: an input in, run directory and consumers out, one poll loop.
#pragma once

#include "workers/segment/boundary_file.hpp"
#include "workers/segment/cue_file.hpp"
#include "workers/segment/cut_reader.hpp"
#include "workers/segment/gop_log.hpp"
#include "workers/segment/input.hpp"
#include "workers/segment/options.hpp"
#include "workers/segment/pacer.hpp"
#include "workers/segment/relay.hpp"
#include "workers/segment/run_writer.hpp"
#include "workers/segment/segmenter.hpp"

#include <poll.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace continuo::segment {

class Worker {
public:
    explicit Worker(Options options, WallClock const& clock);

    /// Runs until the input ends or a signal comes; returns the exit code. What an operator should
    /// know goes to stderr, a line each.
    int run();

private:
    using Clock = std::chrono::steady_clock;

    Result<> prepare();
    int work();
    Clock::time_point next_due(Clock::time_point now);
    bool is_paced_exactly() const noexcept;
    void wait(Clock::time_point input_due);
    void take_signals();
    std::optional<Clock::time_point> wake_time(Clock::time_point input_due) const;
    void read_input();
    void take_piece(Piece const& piece);
    void take_discontinuity();
    bool follows_boundaries() const noexcept;
    void read_boundaries();
    void read_cues();
    void take_input(std::span<std::uint8_t const> bytes);
    void end_input(InputEnd const& end);

    void publish();
    void publish_decisions();
    void date_run();
    void write_run_info();
    void append_cut(CutDecided const& decided);
    void append_boundary(contract::Boundary const& boundary);
    void feed_consumers();
    void finish();
    void drain();

    Options options_;
    Segmenter segmenter_;
    Pacer pacer_;
    Retention retention_;
    std::optional<RunWriter> writer_;
    std::optional<CutReader> cut_reader_;
    std::optional<BoundaryFile> boundaries_;
    std::vector<CueFile> cue_files_;
    WallClock clock_;
    std::unique_ptr<Input> input_;
    std::optional<Relay> relay_;
    GopLog log_;
    os::Descriptor signals_;
    os::Descriptor cuts_;
    std::optional<contract::RunInfo> run_info_;
    std::optional<Ticks90k> run_start_; ///< PTS of the run's first picture
    bool run_info_is_written_{true};
    bool is_overlong_{false}; ///< the latest cut had no keyframe, and it was said
    std::optional<Clock::time_point> began_;
    Output output_;
    std::vector<pollfd> polled_;
    bool input_ended_{false};
    bool asked_to_stop_{false};
    int exit_code_{};
};

} // namespace continuo::segment
