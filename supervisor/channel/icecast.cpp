#include "supervisor/channel/icecast.hpp"

#include "core/contract/layout.hpp"
#include "core/os/file.hpp"
#include "core/os/program.hpp"
#include "workers/ffmpeg/command_line.hpp"
#include "workers/icecast/command_line.hpp"

#include <boost/asio/post.hpp>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <limits>
#include <utility>

namespace continuo::supervisor {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr int few_paths = 4096; // bytes of the socket's buffer: who leaves so many is dead

/// Listeners come back to a stream that does: it is never given up.
config::RestartLimits restart_limits() {
    constexpr auto never = std::numeric_limits<unsigned>::max();
    config::RestartLimits limits;
    limits.max_delay = 5s;
    limits.burst = never;
    limits.limit = never;
    limits.limit_window = limits.burst_window;
    return limits;
}

} // namespace

Icecast::Icecast(Surroundings& surroundings, config::Channel const& channel)
    : surroundings_(surroundings)
    , channel_(channel)
    , label_(fmt::format("channel \"{}\": Icecast http://{}:{}{}", channel.name,
                         channel.icecast->host, channel.icecast->port, channel.icecast->mount))
    , title_file_(contract::channel_directory(surroundings.runtime_dir, channel.name) /
                  "icecast-title")
    , policy_(restart_limits())
    , restart_timer_(surroundings.executor) {}

Icecast::~Icecast() {
    let_go();
}

std::size_t Icecast::variant_of(config::Channel const& channel) {
    std::optional<std::size_t> best;
    for (std::size_t i = 0; i < channel.variants.size(); ++i) {
        auto const& variant = channel.variants[i];
        if (variant.copy) continue;
        if (!best || variant.audio_bitrate_bps > channel.variants[*best].audio_bitrate_bps)
            best = i;
    }
    return best.value_or(0);
}

void Icecast::start() {
    wanted_ = true;
    state_ = "waiting for the first segment";
}

void Icecast::listed(std::filesystem::path const& segment) {
    newest_ = segment;
    if (pipeline_)
        feed();
    else if (restart_timer_.expiry() <= steady_clock::now())
        launch();
}

void Icecast::title(std::string const& text) {
    auto const made = os::make_directories(title_file_.parent_path());
    auto const written = made ? os::replace_file(title_file_, text + '\n') : made;
    if (!written)
        spdlog::warn("{}: {}; titles stay as they were", label_, to_text(written.error()));
}

void Icecast::stop() {
    wanted_ = false;
    restart_timer_.cancel();
    let_go();
    state_ = "stopped";
}

void Icecast::let_go() {
    pipeline_.reset();
    paths_.close();
}

std::vector<pid_t> Icecast::pids() const {
    return pipeline_ ? pipeline_->pids() : std::vector<pid_t>{};
}

void Icecast::launch() {
    if (!wanted_ || pipeline_) return;
    if (auto const started = start_pipeline(); !started)
        return restart_after(to_text(started.error()));
    state_ = "connecting";
    feed();
}

Result<> Icecast::start_pipeline() {
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
        return fail_errno("make a socket pair");
    paths_ = os::Descriptor(ends[0]);
    os::Descriptor const input(ends[1]);
    (void)::setsockopt(paths_.get(), SOL_SOCKET, SO_SNDBUF, &few_paths, sizeof few_paths);
    auto const program = std::filesystem::path(surroundings_.segmenter)
                             .replace_filename("continuo-icecast")
                             .string();
    std::vector<workers::Command> const commands{
        workers::icecast::play(program), workers::ffmpeg::encode_sound(*channel_.icecast),
        workers::icecast::send(
            program,
            {.icecast = *channel_.icecast, .channel = channel_.name, .title_file = title_file_})};
    child::PipelineHandlers handlers{
        .on_line = [this](std::string const& child,
                          std::string const& line) { on_line(child, line); },
        .on_end = [this](child::PipelineExit const& exit) { on_end(exit); }};
    auto pipeline =
        child::Pipeline::start(surroundings_.executor, commands, input.get(), std::move(handlers));
    if (!pipeline) {
        let_go();
        return pipeline.error();
    }
    pipeline_ = *std::move(pipeline);
    return {};
}

/// Tells the player of the newest segment. One that has left many unread stands still: it is
/// replaced by one that begins with the newest.
void Icecast::feed() {
    auto const line = newest_.string() + '\n';
    auto const sent = ::send(paths_.get(), line.data(), line.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent == static_cast<ssize_t>(line.size())) return;
    if (sent < 0 && errno != EAGAIN) return; // it has ended, as we shall be told
    spdlog::warn("{}: the player takes no segments any more and is replaced", label_);
    pipeline_->kill();
}

void Icecast::on_line(std::string const& child, std::string const& line) {
    if (line == workers::icecast::connected_line) {
        policy_.on_ready(steady_clock::now());
        spdlog::info("{}: connected", label_);
        state_ = line;
    } else if (line.starts_with(workers::icecast::retrying_prefix)) {
        spdlog::warn("{}: {}", label_, line);
        state_ = line;
    } else {
        spdlog::debug("{}: {}: {}", label_, child, line);
    }
}

void Icecast::on_end(child::PipelineExit const& exit) {
    // The pipeline calls us from within: it is let go on a later turn of the loop.
    asio::post(surroundings_.executor,
               [gone = std::shared_ptr<child::Pipeline>(std::move(pipeline_))] {});
    let_go();
    auto const& player = exit.members.front();
    if (player.exit.kind == child::Exit::Kind::exited &&
        player.exit.value == os::exit_source_broke) {
        spdlog::info("{}: {}; started anew", label_, player.last_words);
        return launch();
    }
    restart_after(exit.describe());
}

void Icecast::restart_after(std::string const& why) {
    auto const jitter = std::uniform_real_distribution<>(0, 1)(surroundings_.random);
    auto const verdict = policy_.on_exit(steady_clock::now(), jitter);
    spdlog::warn("{}: {}; restart in {} ms ({} in the last {} s)", label_, why,
                 verdict.delay.count(), verdict.restarts_in_window,
                 restart_limits().burst_window.count());
    state_ = "restarting: " + why;
    restart_timer_.expires_after(verdict.delay);
    restart_timer_.async_wait(
        [this, alive = std::weak_ptr(alive_)](boost::system::error_code code) {
            if (!code && !alive.expired()) launch();
        });
}

} // namespace continuo::supervisor
