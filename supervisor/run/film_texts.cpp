#include "supervisor/run/film_texts.hpp"

#include "core/contract/layout.hpp"
#include "core/os/file.hpp"
#include "supervisor/run/film.hpp"
#include "workers/ffmpeg/command_line.hpp"
#include "workers/ffmpeg/film.hpp"

#include <boost/asio/post.hpp>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <utility>

namespace continuo::supervisor {
namespace {

using std::chrono::milliseconds;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

constexpr std::size_t most_texts = 8;
constexpr unsigned most_starts = 5;
constexpr auto captions_file = "captions";

/// It is stopped when it is a segment and so much ahead of the pictures, and goes on when it is
/// only a segment and so much: often enough that its server does not take it for dead.
constexpr auto far_ahead = 40s;
constexpr auto near_ahead = 25s;

/// So much later than the pictures that are shown with it a text may lie in the file.
constexpr auto interleaving = 500ms;

constexpr std::uint64_t ticks_of_zero =
    std::chrono::duration_cast<Ticks90k>(workers::ffmpeg::file_offset).count();

} // namespace

std::vector<media::FilmTrack> text_tracks(media::Film const& film) {
    std::vector<media::FilmTrack> tracks;
    for (auto const& track : film.tracks)
        if (track.kind == media::FilmTrack::Kind::subtitle && track.is_text &&
            tracks.size() < most_texts)
            tracks.push_back(track);
    return tracks;
}

std::string text_rendition(std::size_t index) {
    return fmt::format("text{}", index + 1);
}

std::string text_path(std::size_t index, std::string_view segment) {
    auto path = contract::parse_segment_path(segment);
    if (!path) return {};
    path->variant = text_rendition(index);
    path->file = contract::text_file_name(path->file);
    return contract::to_text(*path);
}

FilmTexts::FilmTexts(asio::any_io_executor executor, Plan plan, std::function<void()> on_progress)
    : executor_(std::move(executor))
    , plan_(std::move(plan))
    , on_progress_(std::move(on_progress))
    , made_(plan_.position) {
    start_again();
}

void FilmTexts::start_again() {
    if (auto const started = start(); !started) {
        over_ = true;
        spdlog::warn("{}: {}", plan_.label, to_text(started.error()));
    }
}

Result<> FilmTexts::start() {
    ++starts_;
    waits_ = false;
    known_ = made_;
    std::vector<os::Descriptor> writers;
    if (auto const opened = open_files(writers); !opened) return opened.error();
    child::FurtherOutputs outputs;
    std::vector<unsigned> numbers;
    for (auto const& writer : writers)
        outputs.push_back(writer.get());
    for (auto const& track : plan_.tracks)
        numbers.push_back(track.number);
    auto pipeline = child::Pipeline::start(
        executor_,
        {confined_for(plan_.source, workers::ffmpeg::texts(plan_.source, made_, numbers))},
        std::nullopt,
        {.on_line = [this](std::string const&, std::string const& line) { on_line(line); },
         .on_end = [this](child::PipelineExit const& exit) { on_end(exit); }},
        std::nullopt, outputs);
    if (!pipeline) return pipeline.error();
    pipeline_ = *std::move(pipeline);
    return {};
}

Result<> FilmTexts::open_files(std::vector<os::Descriptor>& writers) {
    tracks_.clear();
    for (std::size_t index = 0; index < plan_.tracks.size(); ++index) {
        auto& track = tracks_.emplace_back();
        auto const directory = plan_.directory / text_rendition(index) / plan_.run;
        if (auto const made = os::make_directories(directory); !made) return made.error();
        auto const file = directory / captions_file;
        auto& writer = writers.emplace_back(
            ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
        if (!writer) return fail_errno("create \"" + file.string() + "\"");
        track.reader = os::Descriptor(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
        if (!track.reader) return fail_errno("open \"" + file.string() + "\"");
        std::error_code code; // without a name it goes with us, and with ffmpeg
        fs::remove(file, code);
    }
    return {};
}

/// The film's own end, or what is no reason to leave its pictures without texts.
void FilmTexts::on_end(child::PipelineExit const& exit) {
    if (!exit.clean() && !exit.requested) {
        spdlog::warn("{}: {}", plan_.label, exit.describe());
        if (starts_ < most_starts) // on a later turn: it is still on the stack
            return asio::post(executor_, [this, alive = std::weak_ptr(alive_)] {
                if (!alive.expired()) start_again();
            });
    }
    over_ = true;
    on_progress_();
}

void FilmTexts::on_line(std::string_view line) {
    auto const until = workers::ffmpeg::read_until(line);
    if (!until) return;
    known_ = std::max(known_, *until);
    pace();
    on_progress_();
}

void FilmTexts::pace() {
    if (!pipeline_ || over_) return;
    auto const ahead = known_ - made_ - plan_.segment_time;
    if (!waits_ && ahead > far_ahead)
        pipeline_->signal_last(SIGSTOP);
    else if (waits_ && ahead < near_ahead)
        pipeline_->signal_last(SIGCONT);
    else
        return;
    waits_ = !waits_;
}

bool FilmTexts::knows_until(milliseconds time) const {
    return over_ || known_ >= time + interleaving;
}

void FilmTexts::read(Track& track) const {
    if (!track.reader) return;
    std::array<char, 8192> bytes{};
    for (;;) {
        auto const count = ::read(track.reader.get(), bytes.data(), bytes.size());
        if (count <= 0) break;
        track.known.add(track.captions.feed({bytes.data(), static_cast<std::size_t>(count)}));
    }
    track.known.add(track.captions.settle());
}

void FilmTexts::write(std::string const& segment, milliseconds begin, milliseconds end) {
    for (std::size_t index = 0; index < tracks_.size(); ++index) {
        auto& track = tracks_[index];
        track.known.forget_until(begin);
        read(track);
        auto const text = media::web_vtt_segment(track.known.all(), begin, end, ticks_of_zero);
        auto const path = plan_.directory / text_path(index, segment);
        if (auto const written = os::replace_file(path, text); !written)
            spdlog::warn("{}: {}", plan_.label, to_text(written.error()));
    }
    made_ = std::max(made_, end);
    pace();
}

void FilmTexts::stop() {
    if (pipeline_) pipeline_->stop();
}

} // namespace continuo::supervisor
