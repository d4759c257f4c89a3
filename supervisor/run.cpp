#include "supervisor/run.hpp"

#include "core/base/redact.hpp"
#include "core/contract/layout.hpp"
#include "core/os/file.hpp"
#include "core/os/program.hpp"
#include "supervisor/segment/join.hpp"
#include "workers/ffmpeg/command_line.hpp"
#include "workers/segment/command_line.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <unistd.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <utility>

namespace continuo::supervisor {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;
using namespace std::chrono_literals;

/// A consumer's clean end may be seen before its source's: so long the source's is waited for.
constexpr auto source_end_grace = 400ms;
/// After the source's end the ladder has this long to bring out what it holds.
constexpr auto drain_deadline = 2500ms;

constexpr std::size_t mpegts_packet = 188; // bytes, ISO/IEC 13818-1 §2.4.3.2
constexpr char mpegts_sync = 0x47;

/// Sources that are pushed at us have their own clock and must be read as they come.
bool is_read_ahead(config::Source const& source) {
    if (source.kind != config::Source::Kind::url) return true;
    return source.location.starts_with("http://") || source.location.starts_with("https://");
}

/// Whether the file is a transport stream (two sync bytes a packet apart). ffmpeg loses pictures
/// where it loops one, since it seeks by DTS; our segmenter repeats it without a seam.
bool is_transport_stream(std::string const& file) {
    std::ifstream stream(file, std::ios::binary);
    std::array<char, mpegts_packet + 1> start{};
    return stream.read(start.data(), start.size()) && start.front() == mpegts_sync &&
           start.back() == mpegts_sync;
}

} // namespace

Run::Run(Surroundings& surroundings, config::Channel const& channel, std::string name,
         std::optional<RunSource> source, RunHandlers handlers)
    : surroundings_(surroundings)
    , channel_(channel)
    , name_(std::move(name))
    , source_(std::move(source))
    , handlers_(std::move(handlers))
    , ladder_(channel_.variants.size())
    , started_(steady_clock::now())
    , last_progress_(started_) {
    for (std::size_t i = 0; i < channel_.variants.size(); ++i) {
        units_.emplace_back(channel_.restart);
        units_.back().last_progress = started_;
        if (channel_.variants[i].copy) copy_ = i;
    }
    if (source_ && copy_) units_[*copy_].is_source = true;
}

Run::~Run() {
    if (!socket_.empty()) ::unlink(socket_.c_str());
}

std::string Run::label(std::size_t variant) const {
    return fmt::format("channel \"{}\": variant \"{}\"", channel_.name,
                       channel_.variants[variant].name);
}

fs::path Run::directory_of(std::string_view variant, std::string const& run) const {
    return contract::channel_directory(surroundings_.runtime_dir, channel_.name) / variant / run;
}

Result<fs::path> Run::make_directory(std::string_view variant, std::string const& run) {
    auto directory = directory_of(variant, run);
    if (auto const made = os::make_directories(directory); !made) return made.error();
    return directory;
}

child::PipelineHandlers
Run::pipeline_handlers(std::string label, std::function<void(child::PipelineExit const&)> on_end) {
    return {.on_line =
                [label = std::move(label)](std::string const& child, std::string const& line) {
                    spdlog::debug("{}: {}: {}", label, child, line);
                },
            .on_end = std::move(on_end)};
}

Result<std::unique_ptr<segment::RunReader>> Run::read_run(std::size_t variant,
                                                          std::string const& run, bool of_source) {
    auto const name = variant < units_.size() ? std::string_view(channel_.variants[variant].name)
                                              : contract::source_directory;
    segment::RunHandlers handlers{
        .on_segment = [this, variant,
                       run](contract::SegmentLine const& line) { on_line(variant, run, line); },
        .on_info = nullptr};
    if (of_source) handlers.on_info = [this](contract::RunInfo const& info) { on_info(info); };
    return segment::RunReader::open(surroundings_.watches, directory_of(name, run),
                                    std::move(handlers));
}

Result<> Run::start_source() {
    auto const sockets = surroundings_.runtime_dir / "relay";
    if (auto const made = os::make_directories(sockets); !made) return made.error();
    if (!is_resegmented()) socket_ = sockets / name_;
    return start_source_pipeline(name_);
}

Result<> Run::start_source_pipeline(std::string const& run) {
    auto const name =
        copy_ ? std::string_view(channel_.variants[*copy_].name) : contract::source_directory;
    auto const directory = make_directory(name, run);
    if (!directory) return directory.error();
    if (run == name_) {
        cuts_ = *directory / contract::cuts_file;
        cues_ = *directory / contract::cues_file;
        boundaries_ = *directory / contract::boundaries_file;
    }
    auto reader = read_run(copy_.value_or(units_.size()), run, /*of_source=*/true);
    if (!reader) return reader.error();
    reader_ = *std::move(reader);
    auto pipeline = child::Pipeline::start(
        surroundings_.executor, source_commands(*directory), std::nullopt,
        pipeline_handlers(fmt::format("channel \"{}\": source {}", channel_.name, source_->id + 1),
                          [this](child::PipelineExit const& exit) { on_source_end(exit); }));
    if (!pipeline) return pipeline.error();
    pipeline_ = *std::move(pipeline);
    if (copy_) units_[*copy_].directory = channel_.variants[*copy_].name + '/' + run;
    last_progress_ = steady_clock::now();
    return {};
}

/// The ingest and the source's segmenter; the latter alone where it reads by itself.
std::vector<workers::Command> Run::source_commands(fs::path const& directory) const {
    if (is_resegmented()) return {resegment_command(*copy_, directory)};
    auto const& source = source_->config;
    workers::segment::SourceOptions options{.directory = directory,
                                            .socket = socket_,
                                            .segment_time = channel_.segment_time,
                                            .target_duration = channel_.target_duration,
                                            .files = copy_.has_value()};
    options.short_first = source_->short_first;
    options.cues = {cues_};
    if (is_read_ahead(source)) options.lead = read_ahead(channel_);
    std::vector<workers::Command> commands;
    if (!source_->through_ffmpeg) {
        options.from = source.location;
        options.at = source_->at;
    } else if (source.kind == config::Source::Kind::file && source.loop &&
               is_transport_stream(source.location))
        options.loop = source.location;
    else
        commands.push_back(workers::ffmpeg::ingest(source, source_->position));
    commands.push_back(workers::segment::source(surroundings_.segmenter, options));
    return commands;
}

workers::Command Run::resegment_command(std::size_t variant, fs::path const& directory) const {
    auto const leads = variant == *copy_;
    workers::segment::ResegmentOptions options{.directory = directory,
                                               .from = source_->ladder[variant].location,
                                               .boundaries = boundaries_,
                                               .leads = leads,
                                               .begin_with = ladder_.count(variant),
                                               .segment_time = channel_.segment_time,
                                               .target_duration = channel_.target_duration,
                                               .random_access_indicator =
                                                   channel_.resegment->random_access_indicator};
    options.from_start = !leads; // a live input is joined near its end by the leader
    options.paced = leads;
    if (leads && channel_.resegment->sidecar) options.cues.push_back(*channel_.resegment->sidecar);
    if (leads) options.cues.push_back(cues_);
    return workers::segment::resegment(surroundings_.segmenter, options);
}

Result<> Run::start_slate(SlateFiles const& files) {
    for (std::size_t variant = 0; variant < units_.size(); ++variant) {
        auto const directory = make_directory(channel_.variants[variant].name, name_);
        if (!directory) return directory.error();
        auto reader = read_run(variant, name_, /*of_source=*/false);
        if (!reader) return reader.error();
        auto& unit = units_[variant];
        unit.reader = *std::move(reader);
        unit.directory = channel_.variants[variant].name + '/' + name_;
        workers::segment::LoopOptions const options{.directory = *directory,
                                                    .file = files[variant],
                                                    .segment_time = channel_.segment_time,
                                                    .target_duration = channel_.target_duration,
                                                    .lead = read_ahead(channel_)};
        auto pipeline = child::Pipeline::start(
            surroundings_.executor, {workers::segment::loop(surroundings_.segmenter, options)},
            std::nullopt,
            pipeline_handlers(label(variant) + ": slate",
                              [this, variant](child::PipelineExit const& exit) {
                                  on_variant_end(variant, exit);
                              }));
        if (!pipeline) return pipeline.error();
        unit.pipeline = *std::move(pipeline);
    }
    return {};
}

void Run::on_info(contract::RunInfo const& info) {
    if (std::exchange(info_, info)) {
        for (auto const& consumer : info.cut_off)
            spdlog::debug("channel \"{}\": consumer \"{}\" was cut off", channel_.name, consumer);
        return;
    }
    for (std::size_t variant = 0; variant < units_.size(); ++variant) {
        auto& unit = units_[variant];
        auto const& wanted = channel_.variants[variant];
        if (wanted.copy) continue;
        unit.made = is_resegmented() || wanted.height <= info.video.height;
        if (!unit.made)
            spdlog::warn("{} is {} lines high, the source only {}: left out until it is higher",
                         label(variant), wanted.height, info.video.height);
    }
    handlers_.on_info(*this);
    for (std::size_t variant = 0; variant < units_.size(); ++variant)
        if (units_[variant].made && !units_[variant].is_source) try_variant(variant, std::nullopt);
}

void Run::on_line(std::size_t variant, std::string const& run, contract::SegmentLine const& line) {
    auto const now = steady_clock::now();
    last_progress_ = now;
    if (variant >= units_.size())
        return; // a source that no variant copies: its lines carry no files
    auto& unit = units_[variant];
    unit.last_progress = now;
    if (line.end != contract::SegmentEnd::input) unit.policy.on_ready(now);
    contract::SegmentPath const path{
        .variant = channel_.variants[variant].name, .run = run, .file = line.name};
    if (!is_resegmented())
        return handlers_.on_segment(*this, variant, line, contract::to_text(path));
    for (auto const& ready :
         ladder_.add({.member = variant, .line = line, .path = contract::to_text(path)}))
        handlers_.on_segment(*this, ready.member, ready.line, ready.path);
}

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
    auto pipeline =
        child::Pipeline::start(surroundings_.executor,
                               {workers::ffmpeg::encode(wanted),
                                workers::segment::variant(surroundings_.segmenter, options)},
                               *socket, variant_handlers(variant));
    ::close(*socket);
    return pipeline;
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

std::function<void()> Run::while_alive(std::function<void()> then) const {
    return [alive = std::weak_ptr(alive_), then = std::move(then)] {
        if (!alive.expired()) then();
    };
}

void Run::after(Unit& unit, milliseconds delay, std::function<void()> then) {
    unit.timer = std::make_unique<asio::steady_timer>(surroundings_.executor, delay);
    unit.timer->async_wait([then = while_alive(std::move(then))](boost::system::error_code code) {
        if (!code) then();
    });
}

void Run::back_off(std::size_t variant, std::string const& why) {
    auto& unit = units_[variant];
    auto const jitter = std::uniform_real_distribution<>(0, 1)(surroundings_.random);
    auto const verdict = unit.policy.on_exit(steady_clock::now(), jitter);
    if (verdict.failed) {
        unit.failed = true;
        spdlog::error(
            "{}: {}; failed more than {} times in {} s, not started again until reload or restart",
            label(variant), why, channel_.restart.limit, channel_.restart.limit_window.count());
        return;
    }
    spdlog::warn("{}: {}; restart in {} ms ({} in the last {} s)", label(variant), why,
                 verdict.delay.count(), verdict.restarts_in_window,
                 channel_.restart.burst_window.count());
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
                      .hopeless = false,
                      .why = "the slate's " + exit.describe()};
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

/// The leader of a ladder that reads by itself goes on where it was, and nobody else notices.
bool Run::restart_leader(child::PipelineExit const& exit) {
    auto const& segmenter = exit.members.back().exit;
    if (!is_resegmented() || stopping_ || exit.clean() ||
        (segmenter.kind == child::Exit::Kind::exited && segmenter.value == os::exit_source))
        return false;
    auto& unit = units_[*copy_];
    auto const jitter = std::uniform_real_distribution<>(0, 1)(surroundings_.random);
    auto const verdict = unit.policy.on_exit(steady_clock::now(), jitter);
    if (verdict.failed || verdict.give_way) return false;
    ++unit.restarts;
    spdlog::warn("{}: {}; restart in {} ms ({} in the last {} s)", label(*copy_),
                 stalled_.empty() ? exit.describe() : std::exchange(stalled_, {}),
                 verdict.delay.count(), verdict.restarts_in_window,
                 channel_.restart.burst_window.count());
    after(unit, verdict.delay, [this] {
        if (stopping_ || end_) return;
        if (auto const started = start_source_pipeline(surroundings_.new_run_name()); !started) {
            end_ = RunEnd{};
            end_->why = to_text(started.error());
            finish_when_drained();
        }
    });
    return true;
}

void Run::on_source_end(child::PipelineExit const& exit) {
    auto const& segmenter = exit.members.back().exit;
    reader_->look();
    asio::post(surroundings_.executor,
               [gone = std::shared_ptr<child::Pipeline>(std::move(pipeline_))] {});
    if (restart_leader(exit)) return;
    auto const segmenter_finished = segmenter.kind == child::Exit::Kind::exited;
    end_ = RunEnd{.clean = exit.clean(),
                  .tail_counts = segmenter_finished,
                  .hopeless = segmenter_finished && segmenter.value == os::exit_source,
                  .needs_ffmpeg = segmenter_finished && segmenter.value == os::exit_needs_ffmpeg,
                  .why = stalled_.empty() ? exit.describe() : stalled_};
    if (end_->hopeless) end_->why = exit.members.back().last_words;
    for (auto& unit : units_)
        if (unit.timer) unit.timer->cancel();
    drain_timer_ = std::make_unique<asio::steady_timer>(surroundings_.executor, drain_deadline);
    auto kill_ladder = while_alive([this] {
        for (auto const& unit : units_)
            if (unit.pipeline) unit.pipeline->kill();
    });
    drain_timer_->async_wait(
        [kill_ladder = std::move(kill_ladder)](boost::system::error_code code) {
            if (!code) kill_ladder();
        });
    finish_when_drained();
}

void Run::finish_when_drained() {
    if (pipeline_ || ended_) return;
    for (auto const& unit : units_)
        if (unit.pipeline) return;
    ended_ = true;
    if (drain_timer_) drain_timer_->cancel();
    auto const end = end_.value_or(
        RunEnd{.clean = false, .tail_counts = false, .hopeless = false, .why = "stopped"});
    // On a later turn: the owner destroys us.
    asio::post(surroundings_.executor, while_alive([this, end] { handlers_.on_end(*this, end); }));
}

void Run::stop() {
    if (std::exchange(stopping_, true)) return;
    for (auto& unit : units_) {
        if (unit.timer) unit.timer->cancel();
        if (unit.pipeline) unit.pipeline->stop();
    }
    if (pipeline_) pipeline_->stop();
    finish_when_drained();
}

void Run::check_stalls(SteadyTime now) {
    if (stopping_ || end_) return;
    auto const limit = stall_limit(channel_);
    if (now - last_progress_ > limit && pipeline_) {
        auto const words = last_words();
        stalled_ = fmt::format("shows no segment for {} s, ended{}{}",
                               std::chrono::duration_cast<std::chrono::seconds>(limit).count(),
                               words.empty() ? "" : ": ", words);
        last_progress_ = now;
        pipeline_->kill();
        return;
    }
    for (std::size_t variant = 0; variant < units_.size(); ++variant) {
        auto& unit = units_[variant];
        if (!unit.pipeline || now - unit.last_progress <= limit) continue;
        spdlog::warn("{} shows no segment for {} s though its source goes on; replaced",
                     label(variant),
                     std::chrono::duration_cast<std::chrono::seconds>(limit).count());
        unit.last_progress = now;
        unit.pipeline->kill();
    }
}

Run::VariantStatus Run::variant_status(std::size_t variant) const {
    auto const& unit = units_[variant];
    return {.restarts = unit.restarts,
            .pids = unit.pipeline ? unit.pipeline->pids() : std::vector<pid_t>{}};
}

std::vector<std::string> Run::directories() const {
    std::vector<std::string> directories;
    if (source_)
        directories.push_back(
            (copy_ ? channel_.variants[*copy_].name : std::string(contract::source_directory)) +
            '/' + name_);
    for (auto const& unit : units_)
        if (!unit.directory.empty()) directories.push_back(unit.directory);
    return directories;
}

std::vector<pid_t> Run::source_pids() const {
    return pipeline_ ? pipeline_->pids() : std::vector<pid_t>{};
}

std::string Run::last_words() const {
    return pipeline_ ? pipeline_->last_words() : std::string{};
}

} // namespace continuo::supervisor
