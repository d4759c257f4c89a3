#include "cli/resegment/input.hpp"

#include "cli/verify/http_client.hpp"
#include "core/hls/location.hpp"
#include "core/hls/media_playlist.hpp"
#include "core/os/descriptor.hpp"

#include <curl/curl.h>
#include <fmt/format.h>

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <optional>
#include <string_view>
#include <utility>

namespace continuo::cli::resegment {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t max_playlist_bytes = 4 << 20; // media playlists of a day are larger
constexpr int tries = 3;
constexpr auto time_between_tries = 500ms;

std::string lower(std::string_view text) {
    std::string result(text);
    std::ranges::transform(result, result.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return result;
}

/// "m3u8" of "http://host/a.M3U8?b=c#d".
std::string extension_of(std::string_view location) {
    if (hls::is_http(location)) location = location.substr(0, location.find_first_of("?#"));
    auto const name = location.substr(location.rfind('/') + 1);
    auto const dot = name.rfind('.');
    return dot == std::string_view::npos ? std::string() : lower(name.substr(dot + 1));
}

/// The first bytes of a file; a transport stream may be endless.
Result<std::string> head_of_file(std::string const& path) {
    os::Descriptor const file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file) return fail_errno(fmt::format("open \"{}\"", path));
    std::string bytes(max_playlist_bytes, '\0');
    std::size_t size = 0;
    while (size < bytes.size()) {
        auto const count = ::read(file.get(), bytes.data() + size, bytes.size() - size);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return fail_errno(fmt::format("read \"{}\"", path));
        size += static_cast<std::size_t>(count);
        if (count == 0 || !hls::is_playlist({bytes.data(), std::min<std::size_t>(size, 64)})) break;
    }
    bytes.resize(size);
    return bytes;
}

Answer ask(HttpClient& client, SteadyWallClock const& clock, std::string const& url) {
    constexpr int no_descriptor = -1;
    std::optional<Answer> answer;
    Request const request{.url = url, .compressed = true, .body_limit_bytes = max_playlist_bytes};
    client.start(request, [&](Answer got) { answer = std::move(got); });
    while (!answer)
        client.wait(clock.now() + 1s, no_descriptor);
    return std::move(*answer);
}

/// A server that is not there, or that has trouble, is asked again.
Result<Answer> fetch(std::string const& url) {
    SteadyWallClock const clock;
    HttpClient client(clock);
    std::string reason;
    for (int left = tries; left > 0; --left) {
        auto answer = ask(client, clock, url);
        if (answer.response.ok()) return answer;
        reason = hls::rules::outcome_of(answer.response);
        auto const status = answer.response.status;
        if (status >= 400 && status < 500) break;
        if (left > 1) client.wait(clock.now() + time_between_tries, /*wake_fd=*/-1);
    }
    return fail(Errc::unavailable, fmt::format("\"{}\": {}", url, reason));
}

Result<Plan> plan_of_text(std::string_view text, std::string const& input,
                          std::string const& location) {
    if (hls::is_playlist(text)) {
        if (!hls::is_multivariant(text)) return plan_of_single(location);
        auto plan = plan_of_ladder(text, location);
        if (!plan) plan.error().context = fmt::format("\"{}\": {}", input, plan.error().context);
        return plan;
    }
    auto const extension = extension_of(input);
    if (extension == "m3u8" || extension == "m3u")
        return fail(Errc::malformed, fmt::format("\"{}\": its first line is not #EXTM3U", input));
    return plan_of_single(location);
}

Result<Plan> plan_of_url(std::string const& url) {
    if (auto const extension = extension_of(url); extension == "ts" || extension == "m2ts")
        return plan_of_single(url);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    auto const answer = fetch(url);
    curl_global_cleanup();
    if (!answer) return answer.error();
    return plan_of_text(answer->response.body, url, answer->url);
}

} // namespace

Result<Plan> plan_of_input(std::string const& input) {
    if (input == "-" || input.starts_with("udp://")) return plan_of_single(input);
    auto const location = hls::location_of(input);
    if (!location) return location.error();
    if (hls::is_http(*location)) return plan_of_url(*location);
    auto const head = head_of_file(*location);
    if (!head) return head.error();
    return plan_of_text(*head, input, *location);
}

} // namespace continuo::cli::resegment
