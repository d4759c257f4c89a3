#include "workers/icecast/transfer.hpp"

#include <fmt/format.h>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <stdexcept>

namespace continuo::icecast {
namespace {

constexpr std::size_t longest_body = 1000;
constexpr long connect_timeout_ms = 5000;
constexpr int unacknowledged_ms = 10'000;
constexpr int send_buffer = 64 * 1024; // of the kernel's; what lies there is late

/// A server that is gone without a word is noticed by what it does not acknowledge.
int prepare_socket(void*, curl_socket_t socket, curlsocktype) {
    (void)::setsockopt(socket, SOL_SOCKET, SO_SNDBUF, &send_buffer, sizeof send_buffer);
    (void)::setsockopt(socket, IPPROTO_TCP, TCP_USER_TIMEOUT, &unacknowledged_ms,
                       sizeof unacknowledged_ms); // both are refinements
    return CURL_SOCKOPT_OK;
}

std::string url_of(Server const& server, std::string const& path) {
    auto const is_ipv6 = server.host.find(':') != std::string::npos;
    return fmt::format("http://{}{}{}:{}{}", is_ipv6 ? "[" : "", server.host, is_ipv6 ? "]" : "",
                       server.port, path);
}

} // namespace

Transfer::Transfer(CURLM* multi, Server const& server, std::string const& path,
                   std::string const& password)
    : multi_(multi), easy_(curl_easy_init()) {
    if (easy_ == nullptr) throw std::runtime_error("curl_easy_init failed");
    curl_easy_setopt(easy_, CURLOPT_URL, url_of(server, path).c_str());
    curl_easy_setopt(easy_, CURLOPT_PROTOCOLS_STR, "http");
    curl_easy_setopt(easy_, CURLOPT_PROXY, "");
    curl_easy_setopt(easy_, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy_, CURLOPT_USERAGENT, "continuo/" CONTINUO_VERSION);
    curl_easy_setopt(easy_, CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
    curl_easy_setopt(easy_, CURLOPT_USERNAME, "source");
    curl_easy_setopt(easy_, CURLOPT_PASSWORD, password.c_str());
    curl_easy_setopt(easy_, CURLOPT_CONNECTTIMEOUT_MS, connect_timeout_ms);
    curl_easy_setopt(easy_, CURLOPT_FRESH_CONNECT, 1L); // Icecast closes after each answer
    curl_easy_setopt(easy_, CURLOPT_FORBID_REUSE, 1L);
    curl_easy_setopt(easy_, CURLOPT_SOCKOPTFUNCTION, &prepare_socket);
    curl_easy_setopt(easy_, CURLOPT_WRITEFUNCTION, &Transfer::on_body);
    curl_easy_setopt(easy_, CURLOPT_WRITEDATA, this);
}

Transfer::~Transfer() {
    curl_multi_remove_handle(multi_, easy_);
    curl_easy_cleanup(easy_);
    curl_slist_free_all(headers_);
}

void Transfer::add_header(std::string const& header) {
    headers_ = curl_slist_append(headers_, header.c_str());
}

void Transfer::start() {
    curl_easy_setopt(easy_, CURLOPT_HTTPHEADER, headers_);
    curl_multi_add_handle(multi_, easy_);
}

std::size_t Transfer::on_body(char* bytes, std::size_t, std::size_t size, void* self) {
    auto& body = static_cast<Transfer*>(self)->body_;
    body.append(bytes, std::min(size, longest_body - body.size()));
    return size;
}

Outcome Transfer::outcome(CURLcode code) {
    Outcome outcome{.code = code, .os_errno = 0, .status = 0, .body = body_};
    long os_errno = 0;
    curl_easy_getinfo(easy_, CURLINFO_OS_ERRNO, &os_errno);
    curl_easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &outcome.status);
    outcome.os_errno = static_cast<int>(os_errno);
    return outcome;
}

} // namespace continuo::icecast
