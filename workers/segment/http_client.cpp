#include "workers/segment/http_client.hpp"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <stdexcept>

namespace continuo::segment {
namespace {

constexpr long max_redirects = 5;
constexpr long receive_size = 128 * 1024; // bytes at once

} // namespace

struct HttpTransfer::Callbacks {
    static std::size_t on_header(char*, std::size_t, std::size_t size, void* self) {
        auto& transfer = *static_cast<HttpTransfer*>(self);
        transfer.heard_ = transfer.client_.now_;
        return size;
    }

    static std::size_t on_body(char* bytes, std::size_t, std::size_t size, void* self) {
        auto& transfer = *static_cast<HttpTransfer*>(self);
        transfer.heard_ = transfer.client_.now_;
        transfer.is_paused_ = transfer.unread_.size() >= max_unread;
        if (transfer.is_paused_) return CURL_WRITEFUNC_PAUSE;
        transfer.unread_.insert(transfer.unread_.end(), bytes, bytes + size);
        return size;
    }
};

HttpTransfer::HttpTransfer(HttpClient& client, HttpRequest const& request, Time now)
    : client_(client), easy_(curl_easy_init()), error_text_(CURL_ERROR_SIZE), heard_(now) {
    if (!easy_) throw std::runtime_error("curl_easy_init failed");
    set_up(request);
    client_.transfers_.push_back(this);
    curl_multi_add_handle(client_.multi_, easy_);
}

HttpTransfer::~HttpTransfer() {
    if (!is_finished_) finish({});
    curl_easy_cleanup(easy_);
    curl_slist_free_all(static_cast<curl_slist*>(headers_));
}

void HttpTransfer::set_up(HttpRequest const& request) {
    curl_easy_setopt(easy_, CURLOPT_PRIVATE, this);
    curl_easy_setopt(easy_, CURLOPT_URL, request.url.c_str());
    curl_easy_setopt(easy_, CURLOPT_USERAGENT, "continuo/" CONTINUO_VERSION);
    curl_easy_setopt(easy_, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy_, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy_, CURLOPT_FOLLOWLOCATION, 1L);
    curl_easy_setopt(easy_, CURLOPT_MAXREDIRS, max_redirects);
    curl_easy_setopt(easy_, CURLOPT_SHARE, client_.cookies_);
    curl_easy_setopt(easy_, CURLOPT_COOKIEFILE, ""); // none to begin with
    curl_easy_setopt(easy_, CURLOPT_PROXY, "");      // none, whatever the environment says
    curl_easy_setopt(easy_, CURLOPT_NOSIGNAL, 1L);
    // a paused stream of HTTP/2 is buffered without a limit of ours
    curl_easy_setopt(easy_, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    curl_easy_setopt(easy_, CURLOPT_BUFFERSIZE, receive_size);
    curl_easy_setopt(easy_, CURLOPT_FILETIME, 1L);
    curl_easy_setopt(easy_, CURLOPT_ERRORBUFFER, error_text_.data());
    curl_easy_setopt(easy_, CURLOPT_WRITEFUNCTION, &Callbacks::on_body);
    curl_easy_setopt(easy_, CURLOPT_WRITEDATA, this);
    curl_easy_setopt(easy_, CURLOPT_HEADERFUNCTION, &Callbacks::on_header);
    curl_easy_setopt(easy_, CURLOPT_HEADERDATA, this);
    if (request.compressed) curl_easy_setopt(easy_, CURLOPT_ACCEPT_ENCODING, "gzip");
    if (!request.range.empty()) curl_easy_setopt(easy_, CURLOPT_RANGE, request.range.c_str());
    if (!request.etag.empty()) {
        headers_ = curl_slist_append(nullptr, ("If-None-Match: " + request.etag).c_str());
        curl_easy_setopt(easy_, CURLOPT_HTTPHEADER, headers_);
    }
}

int HttpTransfer::status() const {
    long status = 0;
    curl_easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &status);
    return static_cast<int>(status);
}

std::string HttpTransfer::header(char const* name) const {
    constexpr int newest_answer = -1;
    curl_header* found = nullptr;
    if (curl_easy_header(easy_, name, 0, CURLH_HEADER, newest_answer, &found) != CURLHE_OK)
        return {};
    return found->value;
}

std::optional<HttpTransfer::ServerTimes> HttpTransfer::times() const {
    curl_off_t modified = -1;
    curl_easy_getinfo(easy_, CURLINFO_FILETIME_T, &modified);
    auto const date = curl_getdate(header("Date").c_str(), nullptr);
    if (modified < 0 || date < 0) return std::nullopt;
    auto const age = header("Age"); // in caches on the way: RFC 9111 §5.1
    std::uint32_t in_caches = 0;
    std::from_chars(age.data(), age.data() + age.size(), in_caches);
    return ServerTimes{.modified = std::chrono::sys_seconds(std::chrono::seconds(modified)),
                       .now = std::chrono::sys_seconds(std::chrono::seconds(date) +
                                                       std::chrono::seconds(in_caches))};
}

std::string HttpTransfer::url() const {
    char* url = nullptr;
    curl_easy_getinfo(easy_, CURLINFO_EFFECTIVE_URL, &url);
    return url ? url : "";
}

void HttpTransfer::clear_unread(Time now) {
    unread_.clear();
    if (!is_paused_ || is_finished_) return;
    is_paused_ = false;
    heard_ = now;
    client_.now_ = now;
    curl_easy_pause(easy_, CURLPAUSE_CONT); // may bring what libcurl held
}

void HttpTransfer::finish(std::string failure) {
    is_finished_ = true;
    failure_ = std::move(failure);
    std::erase(client_.transfers_, this);
    curl_multi_remove_handle(client_.multi_, easy_);
}

std::optional<HttpTransfer::Time> HttpTransfer::silent_at() const noexcept {
    if (is_paused_) return std::nullopt;
    return heard_ + silence_limit;
}

struct HttpClient::Callbacks {
    static int on_socket(CURL*, curl_socket_t fd, int what, void* self, void*) {
        auto& sockets = static_cast<HttpClient*>(self)->sockets_;
        std::erase_if(sockets, [&](pollfd const& entry) { return entry.fd == fd; });
        if (what == CURL_POLL_REMOVE) return 0;
        short events = 0;
        if (what == CURL_POLL_IN || what == CURL_POLL_INOUT) events |= POLLIN;
        if (what == CURL_POLL_OUT || what == CURL_POLL_INOUT) events |= POLLOUT;
        sockets.push_back({.fd = fd, .events = events, .revents = 0});
        return 0;
    }

    static int on_timer(CURLM*, long milliseconds, void* self) {
        auto& client = *static_cast<HttpClient*>(self);
        client.timer_.reset();
        if (milliseconds >= 0)
            client.timer_ = client.now_ + std::chrono::milliseconds(milliseconds);
        return 0;
    }
};

HttpClient::HttpClient() {
    curl_global_init(CURL_GLOBAL_DEFAULT);
    multi_ = curl_multi_init();
    cookies_ = curl_share_init();
    if (!multi_ || !cookies_) throw std::runtime_error("curl_multi_init failed");
    curl_share_setopt(cookies_, CURLSHOPT_SHARE, CURL_LOCK_DATA_COOKIE);
    curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, &Callbacks::on_socket);
    curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
    curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, &Callbacks::on_timer);
    curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
}

HttpClient::~HttpClient() {
    curl_multi_cleanup(multi_);
    curl_share_cleanup(cookies_);
    curl_global_cleanup();
}

std::unique_ptr<HttpTransfer> HttpClient::get(HttpRequest const& request, Time now) {
    now_ = now;
    return std::unique_ptr<HttpTransfer>(new HttpTransfer(*this, request, now));
}

void HttpClient::add_to(std::vector<pollfd>& polled) const {
    polled.insert(polled.end(), sockets_.begin(), sockets_.end());
}

std::optional<HttpClient::Time> HttpClient::next_deadline() const {
    auto next = timer_;
    for (auto const* const transfer : transfers_) {
        auto const silent_at = transfer->silent_at();
        if (silent_at && (!next || *silent_at < *next)) next = silent_at;
    }
    return next;
}

void HttpClient::take_events(std::span<pollfd const> polled, Time now) {
    now_ = now;
    int running = 0;
    for (auto const& entry : polled) {
        if (entry.revents == 0) continue;
        int ready = 0;
        if ((entry.revents & POLLIN) != 0) ready |= CURL_CSELECT_IN;
        if ((entry.revents & POLLOUT) != 0) ready |= CURL_CSELECT_OUT;
        if ((entry.revents & (POLLERR | POLLHUP | POLLNVAL)) != 0) ready |= CURL_CSELECT_ERR;
        curl_multi_socket_action(multi_, entry.fd, ready, &running);
    }
    if (timer_ && *timer_ <= now) {
        timer_.reset();
        curl_multi_socket_action(multi_, CURL_SOCKET_TIMEOUT, 0, &running);
    }
    finish_transfers();
}

void HttpClient::finish_transfers() {
    int left = 0;
    while (auto const* const message = curl_multi_info_read(multi_, &left)) {
        if (message->msg != CURLMSG_DONE) continue;
        auto const result = message->data.result;
        void* transfer = nullptr;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &transfer);
        auto& finished = *static_cast<HttpTransfer*>(transfer);
        std::string const detail = finished.error_text_.data();
        finished.finish(result == CURLE_OK ? std::string()
                        : !detail.empty()  ? detail
                                           : curl_easy_strerror(result));
    }
    auto const is_silent = [&](HttpTransfer const* transfer) {
        auto const silent_at = transfer->silent_at();
        return silent_at && *silent_at <= now_;
    };
    for (auto at = std::ranges::find_if(transfers_, is_silent); at != transfers_.end();
         at = std::ranges::find_if(transfers_, is_silent)) {
        (*at)->was_silent_ = true;
        (*at)->finish(fmt::format("{} for {} s",
                                  (*at)->status() == 0 ? "no answer" : "nothing more",
                                  HttpTransfer::silence_limit.count()));
    }
}

} // namespace continuo::segment
