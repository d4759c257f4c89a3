// How a run of a film begins and ends: ffprobe tells its tracks, then mpv | ffmpeg | segmenter play
// it as one pipeline.
#include "core/contract/layout.hpp"
#include "core/os/descriptor.hpp"
#include "core/os/file.hpp"
#include "supervisor/run/film.hpp"
#include "supervisor/run/run.hpp"
#include "workers/ffmpeg/film.hpp"
#include "workers/segment/command_line.hpp"

#include <boost/asio/post.hpp>
#include <fmt/format.h>

#include <fcntl.h>
#include <signal.h>

#include <utility>

namespace continuo::supervisor {
namespace {

using namespace std::chrono_literals;

/// The reader of the texts begins `longest_caption` before the pictures, and so is that far behind
/// them where a film comes no faster than it is watched.
constexpr auto texts_deadline = workers::longest_caption + 5s;
/// The same when mpv or ffmpeg has died: the film goes on only afterwards.
constexpr auto last_texts_deadline = 2s;
constexpr auto answer_file = "film.json";
constexpr std::uint64_t longest_answer = 1 << 20; // bytes

} // namespace

Result<> Run::start_film() {
    film_ = source_->film;
    return film_ ? play_film() : probe_film();
}

Result<> Run::probe_film() {
    auto const directory = make_directory(copy_ ? std::string_view(channel_.variants[*copy_].name)
                                                : contract::source_directory,
                                          name_);
    if (!directory) return directory.error();
    auto const path = *directory / answer_file;
    os::Descriptor const answer(
        ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
    if (!answer) return fail_errno("create \"" + path.string() + "\"");
    auto const& source = source_->config;
    auto handlers =
        pipeline_handlers(fmt::format("channel \"{}\": source {}", channel_.name, source_->id + 1),
                          [this](child::PipelineExit const& exit) { on_film_probed(exit); });
    handlers.on_line = [this, log = std::move(handlers.on_line)](std::string const& child,
                                                                 std::string const& line) {
        if (workers::ffmpeg::is_telling(line)) complaint_ = "; " + line;
        log(child, line);
    };
    auto pipeline = child::Pipeline::start(
        surroundings_.executor,
        {confined_for(source, workers::ffmpeg::probe(source.location, source.film.proxy))},
        std::nullopt, std::move(handlers), answer.get());
    if (!pipeline) return pipeline.error();
    pipeline_ = *std::move(pipeline);
    probe_timer_ =
        std::make_unique<asio::steady_timer>(surroundings_.executor, source_->probe_timeout);
    auto give_up = while_alive([this] {
        auto const seconds = std::chrono::ceil<std::chrono::seconds>(source_->probe_timeout);
        stalled_ = fmt::format("did not tell its tracks within {} s", seconds.count());
        pipeline_->kill();
    });
    probe_timer_->async_wait([give_up = std::move(give_up)](boost::system::error_code code) {
        if (!code) give_up();
    });
    return {};
}

void Run::on_film_probed(child::PipelineExit const& exit) {
    probe_timer_.reset();
    let_go_of_pipeline();
    if (stopping_) return finish_when_drained();
    if (!exit.clean())
        return end_with({.killed = stalled_.empty() && exit.is_killed(),
                         .why = stalled_.empty() ? exit.describe() + complaint_ : stalled_});
    auto const directory = directory_of(copy_ ? std::string_view(channel_.variants[*copy_].name)
                                              : contract::source_directory,
                                        name_);
    auto const answer = os::read_file(directory / answer_file, longest_answer);
    auto film = answer ? media::parse_film(*answer) : Result<media::Film>(answer.error());
    if (!film) return end_with({.hopeless = true, .why = to_text(film.error())});
    film_ = *std::move(film);
    if (handlers_.on_film) handlers_.on_film(*this);
    if (auto const started = play_film(); !started) end_with({.why = to_text(started.error())});
}

Result<> Run::play_film() {
    auto const position = source_->position;
    if (is_over(*film_, position)) {
        end_with({.clean = true, .tail_counts = true});
        return {};
    }
    auto playing = film_to_play(source_->config, *film_, position);
    if (!playing) {
        end_with({.hopeless = true, .why = playing.error().context});
        return {};
    }
    playing_ = *std::move(playing);
    if (auto const started = start_source_pipeline(name_); !started) return started;
    if (source_->with_texts) start_texts();
    return {};
}

std::vector<workers::Command> Run::film_commands(fs::path const& directory) const {
    auto const& options = source_->config.film;
    workers::segment::SourceOptions segmenter{
        .directory = directory,
        .socket = socket_,
        .segment_time = channel_.segment_time,
        .target_duration = channel_.target_duration,
        .files = copy_.has_value(),
        .short_first = source_->short_first,
        .grid = grid_of_film(source_->position, channel_.segment_time),
        .lead = source_->read_ahead.value_or(read_ahead(channel_)),
        .cues = {cues_}};
    auto const& source = source_->config;
    return {confined_for(source, workers::mpv::decode(*playing_)),
            confined_for(source, workers::ffmpeg::encode_film(options, channel_.segment_time)),
            workers::segment::source(surroundings_.segmenter, segmenter)};
}

void Run::start_texts() {
    FilmTexts::Plan plan{.source = source_->config,
                         .tracks = text_tracks(*film_),
                         .position = source_->position,
                         .segment_time = channel_.segment_time,
                         .directory =
                             contract::channel_directory(surroundings_.runtime_dir, channel_.name),
                         .run = name_,
                         .label = fmt::format("channel \"{}\": subtitles", channel_.name)};
    if (plan.tracks.empty()) return;
    texts_ = std::make_unique<FilmTexts>(surroundings_.executor, std::move(plan), [this] {
        release_lines(std::chrono::steady_clock::now());
    });
}

/// Pictures wait for the texts that are shown with them: players fetch these once.
void Run::release_lines(SteadyTime now) {
    auto const deadline = end_ && !end_->clean ? last_texts_deadline : texts_deadline;
    while (!waiting_lines_.empty()) {
        auto const& first = waiting_lines_.front();
        auto const end = position_in_film(first.line.start + first.line.duration);
        auto const is_late = now - first.since >= deadline;
        if (!stopping_ && !is_late && !texts_->knows_until(end)) return;
        auto const next = std::move(waiting_lines_.front());
        waiting_lines_.pop_front();
        contract::SegmentPath const path{.variant = channel_.variants[next.variant].name,
                                         .run = next.run,
                                         .file = next.line.name};
        texts_->write(contract::to_text(path), position_in_film(next.line.start), end);
        hand_on(next.variant, next.run, next.line);
    }
    if (end_) finish_when_drained();
}

/// mpv ends well wherever the data end.
void Run::judge_film_end() {
    if (!playing_ || !end_->clean) return;
    auto const reached = reached_ ? position_in_film(*reached_) : source_->position;
    end_->why = complaint_about_end(*film_, reached);
    end_->broke_off = !end_->why.empty();
    end_->clean = !end_->broke_off;
}

/// Before its segmenter has shown anything it may not listen yet.
void Run::hold() {
    if (!std::exchange(held_, true) && info_ && pipeline_) pipeline_->signal_last(SIGUSR1);
}

void Run::release() {
    if (!std::exchange(held_, false)) return;
    last_progress_ = std::chrono::steady_clock::now();
    for (auto& unit : units_)
        unit.last_progress = last_progress_;
    if (info_ && pipeline_) pipeline_->signal_last(SIGUSR2);
}

void Run::end_with(RunEnd end) {
    end_ = std::move(end);
    finish_when_drained();
}

/// It is still on the stack when it tells of its end.
void Run::let_go_of_pipeline() {
    asio::post(surroundings_.executor,
               [gone = std::shared_ptr<child::Pipeline>(std::move(pipeline_))] {});
}

} // namespace continuo::supervisor
