#include "supervisor/source/head.hpp"

#include "core/base/redact.hpp"
#include "core/base/stream_url.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace continuo::source {
namespace {

constexpr std::size_t longest_quotation = 1024; // bytes

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// Schemes and hosts are the same in any case (RFC 3986 §6.2.2.1).
bool starts_with_ignoring_case(std::string_view text, std::string_view prefix) {
    return text.size() >= prefix.size() &&
           std::equal(prefix.begin(), prefix.end(), text.begin(),
                      [](char a, char b) { return lower(a) == lower(b); });
}

bool is_control(char c) {
    return static_cast<unsigned char>(c) < ' ' || c == '\x7F';
}

std::string without_trailing_slashes(std::string_view url) {
    return std::string(url.substr(0, url.find_last_not_of('/') + 1));
}

/// At most `max_name` bytes, no character of it cut in two.
std::string readable(std::string name) {
    if (name.size() > max_name) {
        auto end = max_name;
        while (end > 0 && (static_cast<unsigned char>(name[end]) & 0xC0) == 0x80)
            --end;
        name.resize(end);
    }
    std::replace_if(name.begin(), name.end(), is_control, ' ');
    return name;
}

bool is_of_scheme(char c) {
    return (lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '-' ||
           c == '.';
}

/// `url` as far as a warning may show it: only behind a scheme is it known what a password would
/// be.
std::string quotation(std::string_view url) {
    auto const end_of_scheme = url.find("://");
    if (url.size() > longest_quotation || end_of_scheme == std::string_view::npos ||
        !std::all_of(url.begin(), url.begin() + end_of_scheme, is_of_scheme) ||
        std::any_of(url.begin(), url.end(), is_control))
        return {};
    return fmt::format(", not \"{}\"", without_credentials(url));
}

Result<nlohmann::json> parse_object(std::string_view text) {
    try {
        auto json = nlohmann::json::parse(text);
        if (json.is_object()) return json;
        return fail(Errc::malformed, "a playhead event whose data are no JSON object");
    } catch (nlohmann::json::parse_error const& error) {
        return fail(Errc::malformed,
                    fmt::format("a playhead event whose data are no JSON at byte {}", error.byte));
    } catch (nlohmann::json::out_of_range const&) {
        return fail(Errc::malformed, "a playhead event with a number that nothing can hold");
    }
}

} // namespace

Result<std::optional<Head>> parse_head(sse::Event const& event) {
    if (event.type != "playhead" && event.type != "message") return std::optional<Head>{};
    auto const json = parse_object(event.data);
    if (!json) return json.error();
    auto const url = json->find("head");
    if (url == json->end()) return fail(Errc::malformed, "a playhead event without \"head\"");
    if (!url->is_string())
        return fail(Errc::malformed, "a playhead event whose \"head\" is no text");
    Head head{.url = url->get<std::string>(), .name = {}};
    if (head.url.empty()) return fail(Errc::malformed, "a playhead event whose \"head\" is empty");
    if (auto const usable = check_stream_url(head.url); !usable)
        return fail(Errc::malformed, fmt::format("a playhead event whose \"head\" {}{}",
                                                 usable.error().context, quotation(head.url)));
    if (auto const name = json->find("name"); name != json->end() && name->is_string())
        head.name = readable(name->get<std::string>());
    return std::optional<Head>{std::move(head)};
}

std::string rewritten(std::string_view url, config::Playhead const& playhead) {
    auto const& host = playhead.core_api_hostname;
    auto const& inside = playhead.restreamer_internal_url;
    auto const outside = "https://" + host + '/';
    if (host.empty() || inside.empty() || !starts_with_ignoring_case(url, outside))
        return std::string(url);
    return without_trailing_slashes(inside) + '/' + std::string(url.substr(outside.size()));
}

std::string events_url(config::Playhead const& playhead) {
    return without_trailing_slashes(playhead.api_url) + "/events";
}

} // namespace continuo::source
