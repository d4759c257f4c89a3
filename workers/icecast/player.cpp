#include "workers/icecast/player.hpp"

#include "core/os/program.hpp"
#include "workers/icecast/report.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <string_view>

namespace continuo::icecast {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t file_chunk_size = 64 * 1024;
constexpr auto stuck_after = 10s;

int milliseconds_until(Player::Clock::time_point time) {
    auto const rest = std::chrono::ceil<std::chrono::milliseconds>(time - Player::Clock::now());
    return static_cast<int>(std::clamp(rest, 0ms, std::chrono::milliseconds(1h)).count());
}

void set_non_blocking(int descriptor) {
    (void)::fcntl(descriptor, F_SETFL, ::fcntl(descriptor, F_GETFL) | O_NONBLOCK); // or it blocks
}

} // namespace

int Player::run() {
    std::signal(SIGPIPE, SIG_IGN);
    set_non_blocking(STDOUT_FILENO);
    buffer_.resize(file_chunk_size);
    while (!has_ended()) {
        wait();
        write_sound();
        if (reader_is_gone_) return os::exit_ok; // its end is what matters
        if (is_stuck()) {
            report(fmt::format("nobody has taken the sound for {} s", stuck_after / 1s));
            return os::exit_system;
        }
        read_sound();
        if (!playout_.change().empty()) {
            report(playout_.change());
            return os::exit_source_broke;
        }
    }
    return os::exit_ok;
}

bool Player::has_ended() const {
    return paths_ended_ && waiting_.empty() && !file_.is_open() && !playout_.has_sound() &&
           output_.empty();
}

bool Player::is_stuck() const {
    return !output_.empty() && Clock::now() - last_taken_ >= stuck_after;
}

/// For paths, for room, or for the next unit's time.
void Player::wait() {
    std::array<pollfd, 2> polled{
        {{.fd = paths_ended_ ? -1 : STDIN_FILENO, .events = POLLIN, .revents = 0},
         {.fd = output_.empty() ? -1 : STDOUT_FILENO, .events = POLLOUT, .revents = 0}}};
    auto const until = output_.empty() ? playout_.due() : last_taken_ + stuck_after;
    if (::poll(polled.data(), polled.size(), milliseconds_until(until)) < 0) return;
    if (polled[0].revents != 0) read_paths();
}

void Player::read_paths() {
    std::array<char, 4096> bytes{};
    auto const count = ::read(STDIN_FILENO, bytes.data(), bytes.size());
    if (count < 0 && (errno == EINTR || errno == EAGAIN)) return;
    paths_ended_ = count <= 0;
    if (paths_ended_) return;
    auto const given_up = waiting_.feed({bytes.data(), static_cast<std::size_t>(count)});
    if (given_up > 0)
        report(fmt::format("behind by more than {} segments: left out {}", WaitingSegments::most,
                           given_up));
}

/// Until there is something to be heard, or nothing to be read.
void Player::read_sound() {
    while (!playout_.has_sound()) {
        if (!file_.is_open()) {
            auto const next = waiting_.take();
            if (!next) return;
            open_segment(*next);
            continue;
        }
        read_chunk();
    }
}

void Player::read_chunk() {
    file_.read(buffer_.data(), static_cast<std::streamsize>(buffer_.size()));
    auto const count = static_cast<std::size_t>(file_.gcount());
    std::vector<AudioUnit> units;
    track_.feed({reinterpret_cast<std::uint8_t const*>(buffer_.data()), count}, units);
    auto const is_last = count < buffer_.size();
    if (is_last) {
        track_.finish_file(units);
        file_.close();
    }
    has_sound_ = has_sound_ || !units.empty();
    if (!units.empty())
        playout_.add(Clock::now(), *track_.format(), std::move(units));
    else if (is_last && !has_sound_)
        playout_.expect_silence();
}

void Player::open_segment(std::filesystem::path const& segment) {
    if (segment.parent_path() != segment_.parent_path()) track_.forget_torn_unit();
    segment_ = segment;
    has_sound_ = false;
    file_.clear();
    file_.open(segment, std::ios::binary);
    if (!file_.is_open())
        report(fmt::format("open \"{}\": {}", segment.string(), std::strerror(errno)));
}

void Player::write_sound() {
    auto const now = Clock::now();
    if (output_.empty() && playout_.due() <= now) {
        playout_.write_next(now, output_);
        last_taken_ = now;
    }
    while (!output_.empty()) {
        auto const count = ::write(STDOUT_FILENO, output_.data(), output_.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0 && errno != EAGAIN) reader_is_gone_ = true;
        if (count <= 0) return;
        last_taken_ = Clock::now();
        output_.erase(output_.begin(), output_.begin() + count);
    }
}

} // namespace continuo::icecast
