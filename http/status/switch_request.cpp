#include "http/status/switch_request.hpp"

#include "core/base/redact.hpp"
#include "core/base/stream_url.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cctype>

namespace continuo::status {
namespace {

constexpr auto wanted_body = R"(an object such as {"url": "https://host/live.m3u8"})";

Result<nlohmann::json> parse_body(std::string_view body) {
    try {
        return nlohmann::json::parse(body);
    } catch (nlohmann::json::parse_error const& error) {
        return fail(Errc::malformed,
                    fmt::format("The body is no JSON from byte {} on; it has to be {}.", error.byte,
                                wanted_body));
    } catch (nlohmann::json::out_of_range const&) { // 9e999
        return fail(
            Errc::malformed,
            fmt::format("The body holds a number without limits; it has to be {}.", wanted_body));
    }
}

/// RFC 9110 §8.3.1: in any case, parameters behind a semicolon.
std::string media_type_of(std::string_view content_type) {
    auto const type = content_type.substr(0, content_type.find_first_of("; \t"));
    std::string lower(type);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return lower;
}

} // namespace

bool may_be_json(std::string_view content_type) {
    auto const type = media_type_of(content_type);
    return type.empty() || type == "application/json" ||
           type == "application/x-www-form-urlencoded";
}

Result<std::string> parse_switch_request(std::string_view body) {
    auto const json = parse_body(body);
    if (!json) return json.error();
    if (!json->is_object())
        return fail(Errc::malformed, fmt::format("The body has to be {}.", wanted_body));
    auto const url = json->find("url");
    if (url == json->end() || !url->is_string())
        return fail(Errc::malformed,
                    fmt::format("\"url\" has to be a text: the body is {}.", wanted_body));
    auto const& text = url->get_ref<std::string const&>();
    if (auto const checked = check_stream_url(text); !checked)
        return fail(Errc::malformed, fmt::format("\"url\" {}.", checked.error().context));
    return text;
}

std::string switching_json(std::string_view channel, std::string_view url) {
    nlohmann::ordered_json const json{{"switching", channel}, {"url", without_credentials(url)}};
    return json.dump() + '\n';
}

} // namespace continuo::status
