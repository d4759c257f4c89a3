#include "workers/icecast/sender.hpp"

#include "core/os/file.hpp"
#include "core/os/program.hpp"
#include "workers/icecast/command_line.hpp"
#include "workers/icecast/report.hpp"
#include "workers/icecast/title.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <stdexcept>
#include <utility>

namespace continuo::icecast {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t sound_chunk_size = 16 * 1024;
constexpr std::uint64_t longest_file = 64 * 1024;
constexpr auto first_delay = 250ms;
constexpr auto longest_delay = 2s; // a server that is back has us within 5 s
constexpr auto title_interval = 500ms;
constexpr auto title_retry = 5s;
constexpr long title_timeout_ms = 5000;

/// The first line of a file that holds a password.
Result<std::string> read_password(std::filesystem::path const& file) {
    auto text = os::read_file(file, longest_file);
    if (!text) return text.error();
    return text->substr(0, text->find_first_of("\r\n"));
}

} // namespace

Sender::Sender(SendOptions options)
    : options_(std::move(options)), multi_(curl_multi_init()), buffer_(sound_chunk_size) {
    if (multi_ == nullptr) throw std::runtime_error("curl_multi_init failed");
}

Sender::~Sender() {
    source_.reset();
    title_request_.reset();
    curl_multi_cleanup(multi_);
}

int Sender::run() {
    std::signal(SIGPIPE, SIG_IGN);
    while (!ended_) {
        if (!source_ && Clock::now() >= retry_at_) connect();
        wait();
        note_connection();
        take_finished();
        if (source_ && source_->is_connected()) tell_title();
    }
    return os::exit_ok;
}

void Sender::connect() {
    auto password = read_password(options_.password_file);
    if (!password) return retry(to_text(password.error()));
    password_ = *std::move(password);
    source_ = std::make_unique<SourceClient>(multi_, options_.server, options_.stream, password_);
}

/// For sound, for the server, or for the next attempt.
void Sender::wait() {
    int running = 0;
    curl_multi_perform(multi_, &running);
    auto const full = source_ && source_->is_connected() && !source_->has_room();
    curl_waitfd sound{.fd = STDIN_FILENO, .events = CURL_WAIT_POLLIN, .revents = 0};
    auto const until = source_ ? Clock::now() + 1s : retry_at_;
    auto const rest = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now());
    curl_multi_poll(multi_, full ? nullptr : &sound, full ? 0 : 1,
                    static_cast<int>(std::clamp(rest, 0ms, 1000ms).count()), nullptr);
    if (sound.revents != 0) read_sound();
    curl_multi_perform(multi_, &running);
}

void Sender::read_sound() {
    auto const count = ::read(STDIN_FILENO, buffer_.data(), buffer_.size());
    if (count < 0 && (errno == EINTR || errno == EAGAIN)) return;
    ended_ = count <= 0;
    if (!ended_ && source_ && source_->is_connected())
        source_->send(std::span(buffer_).first(static_cast<std::size_t>(count)));
}

void Sender::note_connection() {
    if (!source_ || !source_->is_connected()) return;
    delay_ = 0ms;
    say(std::string(workers::icecast::connected_line));
}

void Sender::take_finished() {
    int left = 0;
    while (auto const* const message = curl_multi_info_read(multi_, &left)) {
        auto const* const easy = message->easy_handle;
        auto const code = message->data.result;
        if (source_ && easy == source_->easy())
            retry(source_->failure(code));
        else if (title_request_ && easy == title_request_->easy())
            take_title_answer(code);
    }
}

void Sender::retry(std::string const& why) {
    source_.reset();
    title_request_.reset(); // its answer is about a connection that is gone
    told_.reset();
    delay_ = std::clamp<std::chrono::milliseconds>(2 * delay_, first_delay, longest_delay);
    retry_at_ = Clock::now() + delay_;
    say(std::string(workers::icecast::retrying_prefix) + why);
}

/// Looks at the file that holds the title, and tells what changed.
void Sender::tell_title() {
    if (options_.title_file.empty() || title_request_ || Clock::now() < look_at_title_) return;
    look_at_title_ = Clock::now() + title_interval;
    auto const text = os::read_file(options_.title_file, longest_file);
    if (!text) return; // no title yet
    auto title = title_of(*text);
    if (told_ == title) return;
    title_request_ = std::make_unique<Transfer>(
        multi_, options_.server, title_request(options_.server.mount, title), password_);
    curl_easy_setopt(title_request_->easy(), CURLOPT_TIMEOUT_MS, title_timeout_ms);
    title_request_->start();
    asked_ = std::move(title);
}

void Sender::take_title_answer(CURLcode code) {
    auto const outcome = title_request_->outcome(code);
    title_request_.reset();
    auto const taken = code == CURLE_OK && outcome.status == 200;
    if (taken) told_ = asked_;
    if (!taken) look_at_title_ = Clock::now() + title_retry;
    if (!taken && !title_failed_) report("the title is not taken: " + failure_text(outcome));
    title_failed_ = !taken;
}

void Sender::say(std::string line) {
    if (line == said_) return;
    said_ = std::move(line);
    report(said_);
}

} // namespace continuo::icecast
