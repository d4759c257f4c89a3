#include "supervisor/source/head.hpp"

#include "core/base/redact.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace continuo::source {
namespace {

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

std::string_view host_of(std::string_view after_scheme) {
    auto const authority = after_scheme.substr(0, after_scheme.find_first_of("/?#"));
    auto const host = authority.substr(authority.rfind('@') + 1); // npos + 1: all of it
    return host.starts_with('[') ? host : host.substr(0, host.find(':'));
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
    if (auto const usable = check_stream_url(head.url); !usable) return usable.error();
    if (auto const name = json->find("name"); name != json->end() && name->is_string())
        head.name = readable(name->get<std::string>());
    return std::optional<Head>{std::move(head)};
}

Result<> check_stream_url(std::string_view url) {
    if (url.size() > max_url)
        return fail(Errc::out_of_range, fmt::format("a stream's URL of {} bytes", url.size()));
    if (std::any_of(url.begin(), url.end(), [](char c) { return is_control(c) || c == ' '; }))
        return fail(Errc::malformed, "a stream's URL with a space or control character");
    auto const end_of_scheme = url.find("://");
    if (end_of_scheme == std::string_view::npos) // not quoted: what is a password in it?
        return fail(Errc::malformed, "a stream's URL that does not begin with http:// or https://");
    auto const shown = without_credentials(url);
    if (!starts_with_ignoring_case(url, "http://") && !starts_with_ignoring_case(url, "https://"))
        return fail(Errc::unsupported,
                    fmt::format("a stream by something else than http or https, \"{}\"", shown));
    if (host_of(url.substr(end_of_scheme + 3)).empty())
        return fail(Errc::malformed, fmt::format("a stream's URL without a host, \"{}\"", shown));
    return {};
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
