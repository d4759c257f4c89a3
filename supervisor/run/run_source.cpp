// How the source of a run is started, and what its end means.
#include "core/contract/layout.hpp"
#include "core/os/file.hpp"
#include "core/os/program.hpp"
#include "supervisor/run/run.hpp"
#include "workers/ffmpeg/command_line.hpp"
#include "workers/segment/command_line.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <array>
#include <fstream>
#include <utility>

namespace continuo::supervisor {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;
using namespace std::chrono_literals;

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

Result<> Run::start_source() {
    auto const sockets = surroundings_.runtime_dir / "relay";
    if (auto const made = os::make_directories(sockets); !made) return made.error();
    if (!is_resegmented()) socket_ = sockets / name_;
    if (source_->config.kind == config::Source::Kind::mpv) return start_film();
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
    if (playing_) return film_commands(directory);
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

/// The leader of a ladder that reads by itself goes on where it was, and nobody else notices.
bool Run::restart_leader(child::PipelineExit const& exit) {
    auto const& segmenter = exit.members.back().exit;
    if (!is_resegmented() || stopping_ || exit.clean() ||
        (segmenter.kind == child::Exit::Kind::exited && segmenter.value == os::exit_source))
        return false;
    auto& unit = units_[*copy_];
    auto const jitter = std::uniform_real_distribution<>(0, 1)(surroundings_.random);
    auto const verdict = unit.policy.on_exit(steady_clock::now(), jitter);
    if (verdict.slow || verdict.give_way) return false;
    ++unit.restarts;
    spdlog::warn("{}: {}; {}", label(*copy_),
                 stalled_.empty() ? exit.describe() : std::exchange(stalled_, {}),
                 to_text(verdict, channel_.restart));
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
    let_go_of_pipeline();
    if (restart_leader(exit)) return;
    auto const segmenter_finished = segmenter.kind == child::Exit::Kind::exited;
    end_ = RunEnd{.clean = exit.clean(),
                  .tail_counts = true,
                  .hopeless = segmenter_finished && segmenter.value == os::exit_source,
                  .needs_ffmpeg = segmenter_finished && segmenter.value == os::exit_needs_ffmpeg,
                  .killed = stalled_.empty() && exit.is_killed(),
                  .why = stalled_.empty() ? exit.describe() : stalled_};
    if (end_->hopeless) end_->why = exit.members.back().last_words;
    judge_film_end();
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

} // namespace continuo::supervisor
