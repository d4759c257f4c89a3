#include "supervisor/source/event_feed.hpp"

#include "core/base/redact.hpp"
#include "supervisor/source/http_stream.hpp"

#include <boost/asio/steady_timer.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace continuo::source {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr int no_content = 204;
constexpr std::size_t max_id_in_header = 1024; // bytes; servers refuse headers of a few KiB

bool is_event_stream(std::string_view content_type) {
    constexpr std::string_view wanted = "text/event-stream";
    auto const essence = content_type.substr(0, content_type.find_first_of("; \t"));
    return std::equal(essence.begin(), essence.end(), wanted.begin(), wanted.end(),
                      [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a + 32 : a) == b; });
}

/// Why a response is none to read events from; empty when it is one.
std::string complaint_about(HttpResponse const& response) {
    if (response.status == no_content) return "the server has no events for us (status 204)";
    if (response.status != 200) return fmt::format("the server answers {}", response.status);
    if (response.content_type.empty()) return "the server's answer has no content type";
    if (!is_event_stream(response.content_type))
        return fmt::format("the server sends \"{:.100}\", no text/event-stream",
                           response.content_type);
    return {};
}

/// An ID that a server would refuse to read is not sent back to it: we would never get in again.
bool fits_a_header(std::string_view id) {
    return id.size() <= max_id_in_header && std::none_of(id.begin(), id.end(), [](char c) {
               return static_cast<unsigned char>(c) < ' ' || c == '\x7F';
           });
}

std::vector<std::string> headers(std::string const& last_event_id) {
    std::vector<std::string> list{"Accept: text/event-stream", "Cache-Control: no-cache"};
    if (!last_event_id.empty() && fits_a_header(last_event_id))
        list.push_back("Last-Event-ID: " + last_event_id);
    return list;
}

} // namespace

/// Kept alive by the handlers that are under way; `EventFeed` only points at it.
struct EventFeed::State : std::enable_shared_from_this<EventFeed::State> {
    State(asio::any_io_executor const& executor_of, std::string url_of,
          std::function<double()> random_of, FeedHandlers handlers_of, FeedLimits const& limits_of)
        : url(std::move(url_of))
        , random(std::move(random_of))
        , handlers(std::move(handlers_of))
        , limits(limits_of)
        , backoff(limits.backoff)
        , executor(executor_of)
        , retry_timer(executor)
        , silence_timer(executor) {}

    void start() {
        auto const alive = weak_from_this();
        http.emplace(executor, HttpStreamHandlers{.on_response =
                                                      [alive](HttpResponse const& response) {
                                                          if (auto const self = alive.lock())
                                                              self->on_response(response);
                                                      },
                                                  .on_bytes =
                                                      [alive](std::string_view bytes) {
                                                          if (auto const self = alive.lock())
                                                              self->on_bytes(bytes);
                                                      },
                                                  .on_end =
                                                      [alive](std::string const& failure) {
                                                          if (auto const self = alive.lock())
                                                              self->on_end(failure);
                                                      }});
        ask();
    }

    void stop() {
        stopped = true;
        http.reset();
        retry_timer.cancel();
        silence_timer.cancel();
    }

    void ask() {
        asking = true;
        events.begin_response();
        http->get({.url = url,
                   .headers = headers(events.last_event_id()),
                   .connect_timeout = limits.connect_timeout});
        heard_at = steady_clock::now();
        wait_for_silence();
    }

    void on_response(HttpResponse const& response) {
        heard_at = steady_clock::now();
        auto const complaint = complaint_about(response);
        if (complaint.empty()) {
            backoff.on_up(heard_at);
            return report(/*is_up=*/true, {});
        }
        ask_again(response.status == no_content ? backoff.on_dismissed(random())
                                                : backoff.on_down(heard_at, random()),
                  complaint);
    }

    void on_bytes(std::string_view bytes) {
        heard_at = steady_clock::now();
        auto const complete = events.feed(bytes);
        if (auto const wish = events.retry()) backoff.set_first(*wish);
        if (events.oversized() > 0)
            if (auto const say = std::exchange(handlers.on_oversized, nullptr)) say();
        for (auto const& event : complete) {
            if (stopped) return;
            handlers.on_event(event);
        }
    }

    void on_end(std::string const& failure) {
        lose(failure.empty() ? "the server has ended the stream" : failure);
    }

    void lose(std::string const& reason) {
        ask_again(backoff.on_down(steady_clock::now(), random()), reason);
    }

    void ask_again(milliseconds delay, std::string const& reason) {
        asking = false;
        http->close();
        silence_timer.cancel();
        retry_timer.expires_after(delay);
        retry_timer.async_wait([self = shared_from_this()](boost::system::error_code code) {
            if (!code && !self->stopped) self->ask();
        });
        report(/*is_up=*/false, without_credentials(reason));
    }

    /// Looks at its end whether something was heard meanwhile: not each byte moves the timer.
    void wait_for_silence() {
        silence_timer.expires_at(heard_at + limits.silence);
        silence_timer.async_wait([self = shared_from_this()](boost::system::error_code code) {
            if (code || self->stopped || !self->asking) return;
            if (steady_clock::now() < self->heard_at + self->limits.silence)
                self->wait_for_silence();
            else
                self->lose(
                    fmt::format("the server was silent for {:.1f} s",
                                std::chrono::duration<double>(self->limits.silence).count()));
        });
    }

    /// The last of what a handler does: the owner may destroy the feed.
    void report(bool is_up, std::string const& reason) {
        if (reported && up == is_up && reported_reason == reason) return;
        reported = true;
        up = is_up;
        reported_reason = reason;
        handlers.on_connected(is_up, reason);
    }

    std::string url;
    std::function<double()> random;
    FeedHandlers handlers;
    FeedLimits limits;
    Backoff backoff;
    asio::any_io_executor executor;
    asio::steady_timer retry_timer;
    asio::steady_timer silence_timer;
    std::optional<HttpStream> http;
    sse::EventStream events;
    SteadyTime heard_at{};
    bool asking{false};
    bool up{false};
    bool reported{false};
    std::string reported_reason;
    bool stopped{false};
};

EventFeed::EventFeed(asio::any_io_executor executor, std::string url,
                     std::function<double()> random, FeedHandlers handlers, FeedLimits limits)
    : state_(std::make_shared<State>(executor, std::move(url), std::move(random),
                                     std::move(handlers), limits)) {
    state_->start();
}

EventFeed::~EventFeed() {
    state_->stop();
}

bool EventFeed::up() const {
    return state_->up;
}

} // namespace continuo::source
