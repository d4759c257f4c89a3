// The verifier's HTTP client: many requests at once over kept connections, each with a deadline, on
// one thread.
#pragma once

#include "cli/verify/clock.hpp"
#include "core/hls/rules/observation.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace continuo::cli {

enum class Method : std::uint8_t { get, head, options };

struct Request {
    std::string url;
    Method method{Method::get};
    std::vector<std::string> headers{}; ///< "Name: value"
    bool compressed{false};             ///< accept gzip
    std::chrono::milliseconds deadline{10'000};
    std::uint64_t body_limit_bytes{256ull << 20};
};

struct Answer {
    hls::rules::Response response;
    std::string url; ///< where redirects led to
};

/// Of a body that is no text.
inline std::span<std::uint8_t const> bytes_of(std::string_view body) {
    return {reinterpret_cast<std::uint8_t const*>(body.data()), body.size()};
}

/// Owned by one session; all callbacks come from inside `wait`.
class HttpClient {
public:
    using Done = std::function<void(Answer)>;

    explicit HttpClient(SteadyWallClock const& clock);
    ~HttpClient();
    HttpClient(HttpClient const&) = delete;
    HttpClient& operator=(HttpClient const&) = delete;

    /// `done` is called exactly once, unless the client is destroyed before.
    void start(Request const& request, Done done);

    /// Works until something was answered, `until` is reached, or `wake_fd` is readable.
    void wait(hls::WallTime until, int wake_fd);

    std::size_t running() const noexcept { return transfers_.size(); }

private:
    struct Transfer;

    void finish_transfers();

    SteadyWallClock const& clock_;
    void* multi_;
    std::map<void*, std::unique_ptr<Transfer>> transfers_; ///< by easy handle
};

/// `reference` as the resource at `base` means it (RFC 3986 §5); the reference itself when one of
/// them is no URL.
std::string resolve(std::string const& base, std::string const& reference);

/// "/live/a/index.m3u8": how findings call a URL.
std::string path_of_url(std::string const& url);

} // namespace continuo::cli
