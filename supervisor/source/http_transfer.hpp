// One request of an `HttpStream` and what has come of it: all that is said to libcurl about a
// request.
#pragma once

#include "supervisor/source/http_stream.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>

struct curl_slist;

namespace continuo::source {

/// One request; libcurl calls back into it, and it keeps what came until libcurl has returned.
class HttpTransfer {
public:
    /// `multi`: libcurl's CURLM, which outlives it.
    HttpTransfer(void* multi, HttpRequest const& request);
    HttpTransfer(HttpTransfer const&) = delete;
    HttpTransfer& operator=(HttpTransfer const&) = delete;
    ~HttpTransfer();

    /// `code`: libcurl's CURLcode.
    void finish(int code);

    std::optional<HttpResponse> take_response() { return std::exchange(response_, std::nullopt); }
    std::string take_bytes() { return std::exchange(bytes_, {}); }
    /// There when the request has ended; empty when nothing failed.
    std::optional<std::string> const& failure() const { return failure_; }

private:
    static std::size_t on_header(char* line, std::size_t, std::size_t size, void* self);
    static std::size_t on_body(char* bytes, std::size_t, std::size_t size, void* self);
    long status() const;
    void answer();
    std::string words_for(int code) const;

    void* multi_;
    void* easy_; ///< libcurl's CURL
    curl_slist* headers_{};
    std::chrono::milliseconds connect_timeout_;
    bool answered_{false};
    std::optional<HttpResponse> response_;
    std::string bytes_;
    std::optional<std::string> failure_;
};

} // namespace continuo::source
