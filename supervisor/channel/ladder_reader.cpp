#include "supervisor/channel/ladder_reader.hpp"

#include "core/base/redact.hpp"
#include "core/hls/location.hpp"
#include "core/os/file.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <utility>

namespace continuo::supervisor {
namespace {

using std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr std::size_t max_bytes = 1u << 20;
constexpr std::chrono::seconds deadline{10};
constexpr int http_ok = 200;

} // namespace

LadderReader::LadderReader(Surroundings& surroundings, config::Channel const& channel,
                           std::function<void(Ladder)> on_read)
    : surroundings_(surroundings)
    , channel_(channel.name)
    , location_(channel.resegment->master)
    , on_read_(std::move(on_read))
    , backoff_({})
    , stream_(surroundings.executor,
              {.on_response = [this](source::HttpResponse const& head) { status_ = head.status; },
               .on_bytes =
                   [this](std::string_view bytes) {
                       text_ += bytes;
                       if (text_.size() <= max_bytes) return;
                       stream_.close();
                       fail(fmt::format("it is longer than {} bytes", max_bytes));
                   },
               .on_end =
                   [this](std::string const& failure) {
                       if (!failure.empty()) return fail(failure);
                       if (status_ != http_ok) return fail(fmt::format("HTTP {}", status_));
                       take(std::exchange(text_, {}));
                   }})
    , timer_(surroundings.executor) {}

void LadderReader::read() {
    text_.clear();
    status_ = 0;
    if (!hls::is_http(location_)) // never from within the owner's own call
        return after(0ms, &LadderReader::read_file);
    after(deadline, &LadderReader::give_up);
    stream_.get({.url = location_});
}

void LadderReader::after(std::chrono::milliseconds delay, void (LadderReader::*then)()) {
    timer_.expires_after(delay);
    timer_.async_wait([this, then, alive = std::weak_ptr(alive_)](boost::system::error_code code) {
        if (!code && !alive.expired()) (this->*then)();
    });
}

void LadderReader::read_file() {
    auto const text = os::read_file(location_, max_bytes);
    if (text)
        take(*text);
    else
        fail(to_text(text.error()));
}

void LadderReader::give_up() {
    stream_.close();
    fail(fmt::format("no answer within {} s", deadline.count()));
}

void LadderReader::take(std::string_view text) {
    auto ladder = ladder_of(text, location_);
    if (!ladder) return fail(to_text(ladder.error()));
    timer_.cancel();
    auto const on_read = std::move(on_read_);
    on_read(*std::move(ladder)); // may destroy us
}

void LadderReader::fail(std::string why) {
    auto const jitter = std::uniform_real_distribution<>(0, 1)(surroundings_.random);
    auto const delay = backoff_.on_down(steady_clock::now(), jitter);
    if (why != problem_)
        spdlog::warn("channel \"{}\": its playlist {} can't be used: {}; tried again", channel_,
                     without_credentials(location_), why);
    problem_ = std::move(why);
    after(delay, &LadderReader::read);
}

} // namespace continuo::supervisor
