#include "workers/icecast/source_client.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace continuo::icecast {
namespace {

constexpr std::size_t most_sound = 32 * 1024;
constexpr long answer_timeout_ms = 5000;
constexpr long standstill_s = 10;

} // namespace

SourceClient::SourceClient(CURLM* multi, Server const& server, Stream const& stream,
                           std::string const& password)
    : transfer_(multi, server, server.mount, password) {
    transfer_.add_header("Content-Type: " + stream.content_type);
    transfer_.add_header("Expect: 100-continue");
    transfer_.add_header("Transfer-Encoding:"); // Icecast takes the bytes as they are
    transfer_.add_header("Ice-Public: 0");
    transfer_.add_header("Ice-Name: " + stream.name);
    transfer_.add_header(fmt::format("Ice-Audio-Info: bitrate={}", stream.bitrate_kbps));
    curl_easy_setopt(easy(), CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(easy(), CURLOPT_EXPECT_100_TIMEOUT_MS, answer_timeout_ms);
    curl_easy_setopt(easy(), CURLOPT_LOW_SPEED_LIMIT, 1L);
    curl_easy_setopt(easy(), CURLOPT_LOW_SPEED_TIME, standstill_s);
    curl_easy_setopt(easy(), CURLOPT_READFUNCTION, &SourceClient::on_room);
    curl_easy_setopt(easy(), CURLOPT_READDATA, this);
    curl_easy_setopt(easy(), CURLOPT_HEADERFUNCTION, &SourceClient::on_header);
    curl_easy_setopt(easy(), CURLOPT_HEADERDATA, this);
    transfer_.start();
}

std::size_t SourceClient::on_header(char* bytes, std::size_t, std::size_t size, void* self) {
    std::string_view const line(bytes, size);
    auto const status = line.substr(std::min(line.find(' '), line.size()));
    if (line.starts_with("HTTP/") && status.starts_with(" 100"))
        static_cast<SourceClient*>(self)->is_connected_ = true;
    return size;
}

std::size_t SourceClient::on_room(char* room, std::size_t, std::size_t size, void* self) {
    auto& client = *static_cast<SourceClient*>(self);
    if (!client.is_connected_) return CURL_READFUNC_ABORT; // waited long enough for an answer
    client.is_paused_ = client.sound_.empty();
    if (client.is_paused_) return CURL_READFUNC_PAUSE;
    auto const count = std::min(size, client.sound_.size());
    auto const end = client.sound_.begin() + static_cast<std::ptrdiff_t>(count);
    std::copy(client.sound_.begin(), end, room);
    client.sound_.erase(client.sound_.begin(), end);
    return count;
}

bool SourceClient::has_room() const noexcept {
    return sound_.size() < most_sound;
}

void SourceClient::send(std::span<char const> bytes) {
    sound_.insert(sound_.end(), bytes.begin(), bytes.end());
    if (is_paused_) curl_easy_pause(easy(), CURLPAUSE_CONT);
}

std::string SourceClient::failure(CURLcode code) {
    auto outcome = transfer_.outcome(code);
    outcome.was_connected = is_connected_;
    return failure_text(outcome);
}

} // namespace continuo::icecast
