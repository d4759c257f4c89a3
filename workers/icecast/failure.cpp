#include "workers/icecast/failure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <system_error>

namespace continuo::icecast {
namespace {

constexpr std::size_t longest_quote = 100;

/// What the server says, where it says it in a line of plain text.
std::string quoted(std::string body) {
    body.resize(std::min({body.size(), body.find_first_of("\r\n"), longest_quote}));
    auto const is_plain = std::all_of(body.begin(), body.end(),
                                      [](char c) { return c >= ' ' && c != '<' && c != 0x7F; });
    return is_plain ? body : std::string{};
}

std::string as_part_of_a_line(std::string text) {
    if (!text.empty())
        text[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
    return text;
}

std::string refusal_text(Outcome const& outcome) {
    if (outcome.status == 401) return "wrong password (HTTP 401)";
    auto const said = quoted(outcome.body);
    if (said.empty()) return fmt::format("HTTP {}", outcome.status);
    return fmt::format("{} (HTTP {})", said, outcome.status);
}

} // namespace

std::string failure_text(Outcome const& outcome) {
    if (outcome.status >= 300) return refusal_text(outcome);
    if (outcome.code == CURLE_OPERATION_TIMEDOUT || outcome.code == CURLE_ABORTED_BY_CALLBACK)
        return outcome.was_connected ? "takes nothing any more" : "no answer";
    if (outcome.was_connected) return "connection lost";
    if (outcome.code == CURLE_COULDNT_CONNECT && outcome.os_errno != 0)
        return as_part_of_a_line(std::generic_category().message(outcome.os_errno));
    if (outcome.code == CURLE_OK)
        return fmt::format("no Icecast server answers (HTTP {})", outcome.status);
    return as_part_of_a_line(curl_easy_strerror(outcome.code));
}

} // namespace continuo::icecast
