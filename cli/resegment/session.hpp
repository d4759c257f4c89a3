// One run of `continuo resegment`: a worker per variant, their segments merged into steps, each
// step published in its time.
#pragma once

#include "cli/resegment/cutter.hpp"
#include "cli/resegment/options.hpp"
#include "cli/resegment/output.hpp"
#include "cli/resegment/plan.hpp"
#include "cli/resegment/publisher.hpp"
#include "cli/resegment/report.hpp"
#include "cli/resegment/steps.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace continuo::cli::resegment {

/// Lives on `run`'s stack, longer than the loop runs.
class Session {
public:
    Session(boost::asio::io_context& loop, Options const& options, Plan const& plan, Output& output,
            Beginning beginning);

    /// Starts the workers; the loop then runs until all is done. Errors: what keeps it from
    /// starting.
    Result<> start();
    int exit_code() const noexcept { return exit_code_; }

private:
    using Time = Publisher::Time;

    void add_worker(std::size_t variant);
    workers::Command command_of(std::size_t variant, fs::path const& directory,
                                std::uint64_t begin_with) const;
    std::chrono::milliseconds behind_clock() const;
    void wait_for_signal();

    void on_segment(std::size_t variant, std::uint64_t ordinal, Piece piece);
    void on_info(contract::RunInfo const& info);
    void on_line(std::string const& line);
    void on_end(std::size_t variant, CutterEnd const& end);
    void give_up(std::size_t variant, CutterEnd const& end);

    /// Does what is due, and sets the timer for what is due next.
    void advance();
    void publish_due(Time now);
    Time without_missing(Time now);
    Time kill_hanging(Time now);
    void publish_front(Time now);
    void flush_due(Time now);
    void on_refusal(Error const& error);
    void wake_at(Time time);
    void sleep();

    void stop(int exit_code);
    bool has_ended() const;
    void finish();

    Options const& options_;
    Plan const& plan_;
    Output& output_;
    boost::asio::io_context& loop_;
    boost::asio::signal_set signals_;
    boost::asio::steady_timer timer_;
    Time const start_;
    Ticks90k led_{}; ///< media that the leader has finished
    std::unique_ptr<segment::DirectoryWatches> watches_;
    std::vector<std::unique_ptr<Cutter>> cutters_;
    std::size_t running_{};
    StepMerge steps_;
    Publisher publisher_;
    Remarks remarks_;
    std::optional<Time> wake_;                    ///< when the timer is to ring
    std::optional<Time> missing_since_;           ///< since when the oldest step is not complete
    std::vector<std::optional<Time>> waited_for_; ///< since when, of each variant
    bool disk_refused_{false};
    bool stopping_{false};
    bool finished_{false};
    int exit_code_{};
};

} // namespace continuo::cli::resegment
