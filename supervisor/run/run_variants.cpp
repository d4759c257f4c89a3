// The variants of a run beside the source itself: each started, watched and started again alone.
#include "core/contract/layout.hpp"
#include "supervisor/run/run.hpp"
#include "supervisor/segment/join.hpp"
#include "workers/ffmpeg/command_line.hpp"
#include "workers/segment/command_line.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <spdlog/spdlog.h>

#include <unistd.h>

#include <utility>

namespace continuo::supervisor {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;
using namespace std::chrono_literals;

/// A consumer's clean end may be seen before its source's: so long the source's is waited for.
constexpr auto source_end_grace = 400ms;

} // namespace

/// Fed by the source's segmenter, from what was taken of the variant so far.
Result<std::unique_ptr<child::Pipeline>>
Run::start_encoder(std::size_t variant, std::optional<Ticks90k> from, fs::path const& directory) {
    auto const& wanted = channel_.variants[variant];
    auto const socket = segment::join(socket_, {.from = from, .consumer = wanted.name});
    if (!socket) return socket.error();
    workers::segment::VariantOptions const options{.directory = directory,
                                                   .cuts = cuts_,
                                                   .grid = info_->grid,
                                                   .target_duration = channel_.target_duration};
    return child::Pipeline::start(surroundings_.executor,
                                  {workers::ffmpeg::encode(wanted),
                                   workers::segment::variant(surroundings_.segmenter, options)},
                                  socket->get(), variant_handlers(variant));
}

/// Reads the variant's own playlist, and begins its segments where the leader does.
Result<std::unique_ptr<child::Pipeline>> Run::start_follower(std::size_t variant,
                                                             fs::path const& directory) {
    return child::Pipeline::start(surroundings_.executor, {resegment_command(variant, directory)},
                                  std::nullopt, variant_handlers(variant));
}

child::PipelineHandlers Run::variant_handlers(std::size_t variant) {
    return pipeline_handlers(label(variant), [this, variant](child::PipelineExit const& exit) {
        on_variant_end(variant, exit);
    });
}

Result<> Run::start_variant(std::size_t variant, std::optional<Ticks90k> from) {
    auto const& wanted = channel_.variants[variant];
    auto& unit = units_[variant];
    // The first start shares the run's name; each restart has a directory of its own.
    auto const run = unit.restarts == 0 && !unit.reader ? name_ : surroundings_.new_run_name();
    auto const directory = make_directory(wanted.name, run);
    if (!directory) return directory.error();
    auto reader = read_run(variant, run, /*of_source=*/false);
    if (!reader) return reader.error();
    auto pipeline = is_resegmented() ? start_follower(variant, *directory)
                                     : start_encoder(variant, from, *directory);
    if (!pipeline) return pipeline.error();
    unit.reader = *std::move(reader);
    unit.directory = wanted.name + '/' + run;
    unit.pipeline = *std::move(pipeline);
    unit.last_progress = steady_clock::now();
    return {};
}

void Run::try_variant(std::size_t variant, std::optional<Ticks90k> from) {
    if (stopping_ || end_) return;
    if (auto const started = start_variant(variant, from); !started)
        back_off(variant, to_text(started.error()));
}

void Run::restart_variant(std::size_t variant) {
    if (stopping_ || end_) return;
    ++units_[variant].restarts;
    try_variant(variant, handlers_.on_variant_restart(*this, variant));
}

void Run::back_off(std::size_t variant, std::string const& why) {
    auto& unit = units_[variant];
    auto const jitter = std::uniform_real_distribution<>(0, 1)(surroundings_.random);
    auto const verdict = unit.policy.on_exit(steady_clock::now(), jitter);
    spdlog::log(level_of(verdict), "{}: {}; {}", label(variant), why,
                to_text(verdict, channel_.restart));
    if (verdict.delay == milliseconds::zero())
        restart_variant(variant);
    else
        after(unit, verdict.delay, [this, variant] { restart_variant(variant); });
}

void Run::on_variant_end(std::size_t variant, child::PipelineExit const& exit) {
    auto& unit = units_[variant];
    unit.reader->look();
    // The pipeline calls us from within: it is let go on a later turn of the loop.
    asio::post(surroundings_.executor,
               [gone = std::shared_ptr<child::Pipeline>(std::move(unit.pipeline))] {});
    if (!source_ && !end_) {
        end_ = RunEnd{.clean = false,
                      .tail_counts = false,
                      .killed = exit.is_killed(),
                      .why = exit.describe()};
        for (auto const& other : units_)
            if (other.pipeline) other.pipeline->kill();
    }
    if (stopping_ || end_) return finish_when_drained();
    if (exit.clean()) {
        after(unit, source_end_grace, [this, variant] {
            back_off(variant, "ended while its source goes on (cut off, or done with what it got)");
        });
        return;
    }
    back_off(variant, exit.describe());
}

} // namespace continuo::supervisor
