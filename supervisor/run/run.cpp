#include "supervisor/run/run.hpp"

#include "core/contract/layout.hpp"
#include "core/os/file.hpp"
#include "workers/segment/command_line.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <unistd.h>

#include <utility>

namespace continuo::supervisor {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

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
    if (std::exchange(held_, false)) hold(); // as was asked for before it listened
    for (std::size_t variant = 0; variant < units_.size(); ++variant)
        if (units_[variant].made && !units_[variant].is_source) try_variant(variant, std::nullopt);
}

void Run::on_line(std::size_t variant, std::string const& run, contract::SegmentLine const& line) {
    auto const now = steady_clock::now();
    last_progress_ = now;
    if (variant == copy_.value_or(units_.size())) reached_ = line.start + line.duration;
    if (variant >= units_.size())
        return; // a source that no variant copies: its lines carry no files
    auto& unit = units_[variant];
    unit.last_progress = now;
    if (line.end != contract::SegmentEnd::input) unit.policy.on_ready(now);
    if (!texts_) return hand_on(variant, run, line);
    waiting_lines_.push_back({.variant = variant, .run = run, .line = line, .since = now});
    release_lines(now);
}

void Run::hand_on(std::size_t variant, std::string const& run, contract::SegmentLine const& line) {
    contract::SegmentPath const path{
        .variant = channel_.variants[variant].name, .run = run, .file = line.name};
    if (!is_resegmented())
        return handlers_.on_segment(*this, variant, line, contract::to_text(path));
    for (auto const& ready :
         ladder_.add({.member = variant, .line = line, .path = contract::to_text(path)}))
        handlers_.on_segment(*this, ready.member, ready.line, ready.path);
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

void Run::finish_when_drained() {
    if (pipeline_ || ended_ || (!waiting_lines_.empty() && !stopping_)) return;
    for (auto const& unit : units_)
        if (unit.pipeline) return;
    ended_ = true;
    if (drain_timer_) drain_timer_->cancel();
    auto const end = end_.value_or(
        RunEnd{.clean = false, .tail_counts = false, .hopeless = false, .why = "stopped"});
    // On a later turn: the owner destroys us.
    asio::post(surroundings_.executor, while_alive([this, end] {
                   release_lines(steady_clock::now());
                   handlers_.on_end(*this, end);
               }));
}

void Run::stop() {
    if (std::exchange(stopping_, true)) return;
    release(); // what nobody reads could not be drained
    if (texts_) texts_->stop();
    for (auto& unit : units_) {
        if (unit.timer) unit.timer->cancel();
        if (unit.pipeline) unit.pipeline->stop();
    }
    if (pipeline_) pipeline_->stop();
    finish_when_drained();
}

void Run::check_stalls(SteadyTime now) {
    if (texts_) release_lines(now);
    if (stopping_ || end_ || probe_timer_ || held_) return;
    auto const limit = stall_limit(channel_);
    // Before its first picture a film is decoded from where the longest caption may have begun.
    auto const decoded_before = playing_ && !reached_ ? workers::longest_caption : 0s;
    if (auto const patience = limit + decoded_before;
        now - last_progress_ > patience && pipeline_) {
        auto const words = last_words();
        stalled_ = fmt::format("shows no segment for {} s, ended{}{}",
                               std::chrono::duration_cast<std::chrono::seconds>(patience).count(),
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
