// HTTP as the playlist reader wants it: libcurl inside the worker's own poll loop, a few requests
// over kept connections, bodies taken as they come.
#pragma once

#include "workers/segment/wall_clock.hpp"

#include <poll.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace continuo::segment {

/// Status codes (RFC 9110 §15.3).
inline constexpr int http_ok = 200;
inline constexpr int http_partial_content = 206;

struct HttpRequest {
    std::string url;
    std::string etag{};     ///< of the text that is there already: the answer may be 304
    std::string range{};    ///< "100-" or "100-199", in bytes
    bool compressed{false}; ///< the body may come packed; it is unpacked
};

class HttpClient;

/// One request and its answer. Made by an `HttpClient`, which must outlive it; destroyed, it is
/// broken off.
class HttpTransfer {
public:
    using Time = WallClock::Time;
    /// Without a byte for so long, from the first try to connect on, it has failed: half of what
    /// the supervisor waits for a unit that shows nothing, so that a second try fits in.
    static constexpr std::chrono::seconds silence_limit{5};
    /// What is not taken stops the server, by and by: a body is never held whole.
    static constexpr std::size_t max_unread = 256 * 1024;

    HttpTransfer(HttpTransfer const&) = delete;
    HttpTransfer& operator=(HttpTransfer const&) = delete;
    ~HttpTransfer();

    /// The answer's; 0 before it has come.
    int status() const;
    /// Of the answer that has begun; empty when it is not there.
    std::string header(char const* name) const;
    /// When the body was last modified, and when the answer came, both by the server's clock;
    /// nothing where it does not say.
    struct ServerTimes {
        std::chrono::sys_seconds modified;
        std::chrono::sys_seconds now;
    };
    std::optional<ServerTimes> times() const;
    /// Where redirects led to.
    std::string url() const;

    std::vector<std::uint8_t> const& unread() const noexcept { return unread_; }
    void clear_unread(Time now);

    bool is_finished() const noexcept { return is_finished_; }
    /// Why it did not come whole; empty when it did, whatever its status.
    std::string const& failure() const noexcept { return failure_; }
    /// It failed because nothing came, not even a broken connection.
    bool was_silent() const noexcept { return was_silent_; }

private:
    friend HttpClient;
    struct Callbacks;

    HttpTransfer(HttpClient& client, HttpRequest const& request, Time now);
    void set_up(HttpRequest const& request);
    void finish(std::string failure);
    std::optional<Time> silent_at() const noexcept;

    HttpClient& client_;
    void* easy_;
    void* headers_{};
    std::vector<std::uint8_t> unread_;
    std::vector<char> error_text_;
    Time heard_; ///< when the latest byte came
    bool is_paused_{false};
    bool is_finished_{false};
    std::string failure_;
    bool was_silent_{false};
};

class HttpClient {
public:
    using Time = WallClock::Time;

    HttpClient();
    HttpClient(HttpClient const&) = delete;
    HttpClient& operator=(HttpClient const&) = delete;
    ~HttpClient();

    std::unique_ptr<HttpTransfer> get(HttpRequest const& request, Time now);

    /// What to wait for; the same set is given to `take_events` afterwards.
    void add_to(std::vector<pollfd>& polled) const;
    std::optional<Time> next_deadline() const;
    /// Moves all transfers on as far as they go without waiting.
    void take_events(std::span<pollfd const> polled, Time now);

private:
    friend HttpTransfer;
    struct Callbacks;

    void finish_transfers();

    void* multi_{};
    void* cookies_{};                      ///< servers may want them back
    std::vector<HttpTransfer*> transfers_; ///< that are under way
    std::vector<pollfd> sockets_;          ///< libcurl's
    std::optional<Time> timer_;            ///< libcurl's
    Time now_{};
};

} // namespace continuo::segment
