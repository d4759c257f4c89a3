#include "cli/verify/http_client.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url.hpp>
#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace continuo::cli {
namespace {

constexpr long redirects_followed = 5;

std::string_view trimmed(std::string_view text) {
    auto const first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

long milliseconds_until(hls::WallTime now, hls::WallTime until) {
    auto const left = std::chrono::ceil<std::chrono::milliseconds>(until - now).count();
    return static_cast<long>(std::clamp<std::int64_t>(left, 0, 60'000));
}

std::string http_version_of(CURL* easy) {
    long version = 0;
    curl_easy_getinfo(easy, CURLINFO_HTTP_VERSION, &version);
    switch (version) {
    case CURL_HTTP_VERSION_1_0: return "1.0";
    case CURL_HTTP_VERSION_1_1: return "1.1";
    case CURL_HTTP_VERSION_2_0: return "2";
    case CURL_HTTP_VERSION_3: return "3";
    default: return "";
    }
}

} // namespace

/// One request on its way; libcurl calls back into it.
struct HttpClient::Transfer {
    CURL* easy{curl_easy_init()};
    curl_slist* headers{};
    Request request;
    hls::rules::Response response;
    bool too_long{false};
    Done done;

    Transfer(Request wanted, Done callback)
        : request(std::move(wanted)), done(std::move(callback)) {
        if (!easy) throw std::runtime_error("curl_easy_init failed");
    }
    ~Transfer() {
        curl_slist_free_all(headers);
        curl_easy_cleanup(easy);
    }
    Transfer(Transfer const&) = delete;
    Transfer& operator=(Transfer const&) = delete;

    void set_up() {
        for (auto const& header : request.headers)
            headers = curl_slist_append(headers, header.c_str());
        curl_easy_setopt(easy, CURLOPT_URL, request.url.c_str());
        curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
        curl_easy_setopt(easy, CURLOPT_USERAGENT, "continuo-verify/" CONTINUO_VERSION);
        curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
        curl_easy_setopt(easy, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
        curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 1L);
        curl_easy_setopt(easy, CURLOPT_MAXREDIRS, redirects_followed);
        curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
        curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(request.deadline.count()));
        if (request.compressed) curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "gzip");
        if (request.method == Method::head) curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
        if (request.method == Method::options)
            curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, "OPTIONS");
        curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &Transfer::on_body);
        curl_easy_setopt(easy, CURLOPT_WRITEDATA, this);
        curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, &Transfer::on_header);
        curl_easy_setopt(easy, CURLOPT_HEADERDATA, this);
    }

    static std::size_t on_body(char* bytes, std::size_t, std::size_t size, void* self) {
        auto& transfer = *static_cast<Transfer*>(self);
        auto& body = transfer.response.body;
        transfer.too_long = body.size() + size > transfer.request.body_limit_bytes;
        if (transfer.too_long) return 0;
        body.append(bytes, size);
        return size;
    }

    static std::size_t on_header(char* bytes, std::size_t, std::size_t size, void* self) {
        auto& headers = static_cast<Transfer*>(self)->response.headers;
        auto const line = trimmed({bytes, size});
        auto const colon = line.find(':');
        if (line.starts_with("HTTP/"))
            headers.clear(); // the answer behind a redirect begins
        else if (colon != std::string_view::npos)
            headers.push_back(
                {std::string{line.substr(0, colon)}, std::string{trimmed(line.substr(colon + 1))}});
        return size;
    }

    std::string failure_of(CURLcode result) const {
        if (result == CURLE_OK) return {};
        if (too_long) return fmt::format("more than {} bytes", request.body_limit_bytes);
        if (result == CURLE_OPERATION_TIMEDOUT)
            return fmt::format("not finished in {:.1f} s",
                               std::chrono::duration<double>(request.deadline).count());
        return curl_easy_strerror(result);
    }

    Answer answer(CURLcode result, hls::WallTime now) {
        long status = 0;
        curl_off_t first_byte = 0;
        curl_off_t total = 0;
        char* url = nullptr;
        curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
        curl_easy_getinfo(easy, CURLINFO_STARTTRANSFER_TIME_T, &first_byte);
        curl_easy_getinfo(easy, CURLINFO_TOTAL_TIME_T, &total);
        curl_easy_getinfo(easy, CURLINFO_EFFECTIVE_URL, &url);
        response.at = now;
        response.status = static_cast<int>(status);
        response.complete = result == CURLE_OK;
        response.failure = failure_of(result);
        response.http_version = http_version_of(easy);
        response.transfer = std::chrono::microseconds{std::max<curl_off_t>(0, total - first_byte)};
        return {.response = std::move(response), .url = url ? url : request.url};
    }
};

HttpClient::HttpClient(SteadyWallClock const& clock) : clock_(clock), multi_(curl_multi_init()) {
    if (!multi_) throw std::runtime_error("curl_multi_init failed");
}

HttpClient::~HttpClient() {
    for (auto const& [easy, transfer] : transfers_)
        curl_multi_remove_handle(multi_, easy);
    transfers_.clear();
    curl_multi_cleanup(multi_);
}

void HttpClient::start(Request const& request, Done done) {
    auto transfer = std::make_unique<Transfer>(request, std::move(done));
    transfer->set_up();
    transfer->response.asked = clock_.now();
    auto* const easy = transfer->easy;
    transfers_.emplace(easy, std::move(transfer));
    curl_multi_add_handle(multi_, easy);
}

void HttpClient::wait(hls::WallTime until, int wake_fd) {
    int running = 0;
    curl_multi_perform(multi_, &running);
    if (static_cast<std::size_t>(running) == transfers_.size()) {
        curl_waitfd wake{.fd = wake_fd, .events = CURL_WAIT_POLLIN, .revents = 0};
        auto const timeout = milliseconds_until(clock_.now(), until);
        curl_multi_poll(multi_, &wake, 1, static_cast<int>(timeout), nullptr);
        curl_multi_perform(multi_, &running);
    }
    finish_transfers();
}

void HttpClient::finish_transfers() {
    int left = 0;
    while (auto const* message = curl_multi_info_read(multi_, &left)) {
        if (message->msg != CURLMSG_DONE) continue;
        auto const result = message->data.result;
        auto node = transfers_.extract(message->easy_handle);
        curl_multi_remove_handle(multi_, node.key());
        auto& transfer = *node.mapped();
        transfer.done(transfer.answer(result, clock_.now()));
    }
}

std::string resolve(std::string const& base, std::string const& reference) {
    auto const parsed_base = boost::urls::parse_uri(base);
    auto const parsed_reference = boost::urls::parse_uri_reference(reference);
    if (!parsed_base || !parsed_reference) return reference;
    boost::urls::url resolved;
    if (!boost::urls::resolve(*parsed_base, *parsed_reference, resolved)) return reference;
    return std::string{resolved.buffer()};
}

std::string path_of_url(std::string const& url) {
    auto const parsed = boost::urls::parse_uri(url);
    if (!parsed) return url;
    return std::string{parsed->encoded_path()};
}

} // namespace continuo::cli
