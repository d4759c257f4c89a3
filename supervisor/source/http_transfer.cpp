#include "supervisor/source/http_transfer.hpp"

#include <curl/curl.h>
#include <fmt/format.h>

#include <cstring>
#include <new>

namespace continuo::source {
namespace {

constexpr long redirects_followed = 5;
constexpr long probe_idle_connection_after_s = 15;

} // namespace

HttpTransfer::HttpTransfer(void* multi, HttpRequest const& request)
    : multi_(multi), easy_(curl_easy_init()), connect_timeout_(request.connect_timeout) {
    if (!easy_) throw std::bad_alloc();
    for (auto const& header : request.headers)
        headers_ = curl_slist_append(headers_, header.c_str());
    curl_easy_setopt(easy_, CURLOPT_URL, request.url.c_str());
    curl_easy_setopt(easy_, CURLOPT_HTTPHEADER, headers_);
    curl_easy_setopt(easy_, CURLOPT_USERAGENT, "continuo/" CONTINUO_VERSION);
    curl_easy_setopt(easy_, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy_, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy_, CURLOPT_FOLLOWLOCATION, 1L);
    curl_easy_setopt(easy_, CURLOPT_MAXREDIRS, redirects_followed);
    curl_easy_setopt(easy_, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    curl_easy_setopt(easy_, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy_, CURLOPT_CONNECTTIMEOUT_MS,
                     static_cast<long>(request.connect_timeout.count()));
    // A request that is given up while its host's name is looked up must not wait for the answer.
    curl_easy_setopt(easy_, CURLOPT_QUICK_EXIT, 1L);
    // A server that has moved is looked for where it is now.
    curl_easy_setopt(easy_, CURLOPT_DNS_CACHE_TIMEOUT, 0L);
    // Asking anew is how a dead connection is left: nothing of it may be used again.
    curl_easy_setopt(easy_, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(easy_, CURLOPT_FRESH_CONNECT, 1L);
    curl_easy_setopt(easy_, CURLOPT_FORBID_REUSE, 1L);
    curl_easy_setopt(easy_, CURLOPT_TCP_KEEPALIVE, 1L);
    curl_easy_setopt(easy_, CURLOPT_TCP_KEEPIDLE, probe_idle_connection_after_s);
    curl_easy_setopt(easy_, CURLOPT_TCP_KEEPINTVL, probe_idle_connection_after_s);
    // Of both places of certificates libcurl keeps only the file from one connection to the next;
    // reading it takes some 25 ms of the loop.
    curl_easy_setopt(easy_, CURLOPT_CAPATH, static_cast<char*>(nullptr));
    curl_easy_setopt(easy_, CURLOPT_HEADERFUNCTION, &HttpTransfer::on_header);
    curl_easy_setopt(easy_, CURLOPT_HEADERDATA, this);
    curl_easy_setopt(easy_, CURLOPT_WRITEFUNCTION, &HttpTransfer::on_body);
    curl_easy_setopt(easy_, CURLOPT_WRITEDATA, this);
    curl_multi_add_handle(multi_, easy_);
}

HttpTransfer::~HttpTransfer() {
    curl_multi_remove_handle(multi_, easy_);
    curl_easy_cleanup(easy_);
    curl_slist_free_all(headers_);
}

/// Called for each line of each header; the empty one is the last.
std::size_t HttpTransfer::on_header(char* line, std::size_t, std::size_t size, void* self) {
    auto& transfer = *static_cast<HttpTransfer*>(self);
    auto const is_last = size > 0 && (line[0] == '\r' || line[0] == '\n');
    auto const status = transfer.status();
    // Behind an interim response or a redirect another header follows.
    if (is_last && status >= 200 && (status < 300 || status >= 400)) transfer.answer();
    return size;
}

std::size_t HttpTransfer::on_body(char* bytes, std::size_t, std::size_t size, void* self) {
    auto& transfer = *static_cast<HttpTransfer*>(self);
    transfer.answer(); // a redirect that leads nowhere has a body
    transfer.bytes_.append(bytes, size);
    return size;
}

long HttpTransfer::status() const {
    long status = 0;
    curl_easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &status);
    return status;
}

void HttpTransfer::answer() {
    if (std::exchange(answered_, true)) return;
    char* content_type = nullptr;
    curl_easy_getinfo(easy_, CURLINFO_CONTENT_TYPE, &content_type);
    response_ = HttpResponse{.status = static_cast<int>(status()),
                             .content_type = content_type ? content_type : ""};
}

void HttpTransfer::finish(int code) {
    if (code == CURLE_OK) answer(); // a redirect that leads nowhere may have no body
    failure_ = words_for(code);
}

/// The same words for the same reason, so that an owner can tell whether it is another.
std::string HttpTransfer::words_for(int code) const {
    if (code == CURLE_OK) return {};
    if (code == CURLE_OPERATION_TIMEDOUT) // no other limit is set
        return fmt::format("not connected within {:.1f} s",
                           std::chrono::duration<double>(connect_timeout_).count());
    std::string words = curl_easy_strerror(static_cast<CURLcode>(code));
    long number = 0;
    curl_easy_getinfo(easy_, CURLINFO_OS_ERRNO, &number);
    if (number != 0) words += fmt::format(" ({})", std::strerror(static_cast<int>(number)));
    return words;
}

} // namespace continuo::source
