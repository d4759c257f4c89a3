// From a complete step to files that players see: numbers, renames, cue tags, playlists, and what
// leaves again.
#pragma once

#include "cli/resegment/measured_variant.hpp"
#include "cli/resegment/options.hpp"
#include "cli/resegment/output.hpp"
#include "cli/resegment/pacing.hpp"
#include "cli/resegment/plan.hpp"
#include "cli/resegment/playlists.hpp"
#include "cli/resegment/steps.hpp"
#include "core/base/result.hpp"
#include "core/timeline/breaks.hpp"

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace continuo::cli::resegment {

/// EXT-X-TARGETDURATION where no GOP asks for more: as channels have it.
std::chrono::seconds target_duration_of(std::chrono::milliseconds segment_time);

/// The run's first moment on both clocks: dates follow the steady one from there.
struct Beginning {
    Pacing::Time steady;
    hls::WallTime wall;
};

/// Owned by the session, which outlives none of what it is given; all on one thread.
class Publisher {
public:
    using Time = Pacing::Time;
    struct Printers {
        std::function<void(std::string const&)> report; ///< to standard output
        std::function<void(std::string const&)> remark; ///< to standard error
    };

    Publisher(Options const& options, Plan const& plan, Output const& output, Beginning beginning,
              Printers printers);

    /// Goes on behind the playlists that are there, if any. Errors: as `Output::read_playlists` and
    /// `Playlists::resume`.
    Result<> resume();
    /// What no segment will be longer than, once the leader knows.
    void raise_target(std::chrono::seconds target) { playlists_.raise_target(target); }
    std::chrono::seconds target_duration() const noexcept { return playlists_.target_duration(); }

    /// When a step may be listed.
    Time due(Step const& step) const;
    /// Puts a step's files in place and lists it; `flush` shows it. Errors: errno; the step is left
    /// out.
    Result<> publish(Step const& step, Time now);

    /// When `flush` is wanted; nothing when no list has changed. Long lists are not written for
    /// each step of a run that is faster than they are.
    std::optional<Time> flush_due() const;
    /// Writes the playlists. Errors: errno; it may be tried again.
    Result<> flush(Time now);

    /// When a file may go that no player can want any more.
    std::optional<Time> removal_due() const;
    void remove_departed(Time now);

    /// The input has ended: nothing will follow. Errors: as `flush`.
    Result<> end(Time now);

private:
    struct Removal {
        Time at;
        std::uint64_t number{};
    };
    hls::WallTime first_date(Step const& step, Time now) const;
    Result<std::vector<ListedFile>> place(Step const& step, std::uint64_t number) const;
    void fill_holes(Step const& step, std::uint64_t number, std::vector<ListedFile>& files);
    void tell_hole(std::size_t variant, std::uint64_t number, ListedFile const* instead);
    ListedStep listed(Step const& step, std::uint64_t number, std::vector<ListedFile> files);
    Result<> write_measured_master();

    Options const& options_;
    Plan const& plan_;
    Output const& output_;
    Printers printers_;
    Playlists playlists_;
    Pacing pacing_;
    timeline::Breaks breaks_;
    Beginning beginning_;
    hls::WallTime earliest_date_; ///< the run's beginning, or the end of an earlier one
    std::optional<hls::WallTime> next_date_;
    std::vector<Playlists::Departed> departed_; ///< since lists were written
    std::deque<Removal> removals_;
    MeasuredVariant measured_;
    std::vector<bool> lacking_; ///< variants that lacked the latest step
    bool is_gap_{false};        ///< a step was left out
    bool has_master_{false};
    bool changed_{false};
    Time next_flush_{};
};

} // namespace continuo::cli::resegment
