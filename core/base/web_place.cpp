#include "core/base/web_place.hpp"

#include "core/base/address_guard.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace continuo {
namespace {

constexpr std::size_t longest_host = 253; // RFC 1035 §2.3.4, without the root's dot
constexpr std::size_t longest_label = 63;
constexpr std::uint16_t first_user_port = 1024;

/// Names that mean this machine or its own network wherever they are asked for: RFC 6761, 6762,
/// 8375, and what routers and clouds call theirs.
constexpr std::array<std::string_view, 10> inner_domains{
    "localhost", "localdomain", "local",     "internal", "intranet",
    "lan",       "home",        "home.arpa", "corp",     "private"};

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_of_a_name(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || c == '-' || c == '_';
}

std::string lower_case(std::string_view text) {
    std::string lower(text);
    for (auto& c : lower)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return lower;
}

bool is_label(std::string_view label) {
    return !label.empty() && label.size() <= longest_label && label.front() != '-' &&
           label.back() != '-' && std::ranges::all_of(label, is_of_a_name);
}

bool is_name(std::string_view host) {
    if (host.empty() || host.size() > longest_host) return false;
    for (;;) {
        auto const dot = host.find('.');
        if (!is_label(host.substr(0, dot))) return false;
        if (dot == std::string_view::npos) return true;
        host.remove_prefix(dot + 1);
    }
}

/// What `inet_aton` and its likes would take for an address: its last part is a number.
bool ends_in_a_number(std::string_view host) {
    auto const last = host.substr(host.rfind('.') + 1); // npos + 1 is the beginning
    return std::ranges::all_of(last, is_digit) || last.starts_with("0x");
}

bool is_inner_name(std::string_view host) {
    if (host.find('.') == std::string_view::npos) return true; // only a network of its own has such
    return std::ranges::any_of(inner_domains, [&](std::string_view domain) {
        return host == domain ||
               (host.ends_with(domain) && host[host.size() - domain.size() - 1] == '.');
    });
}

Result<std::uint16_t> parse_port(std::string_view text) {
    std::uint16_t port = 0;
    auto const [end, code] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (text.empty() || code != std::errc{} || end != text.data() + text.size() || port == 0)
        return fail(Errc::malformed, "The port of the URL has to be a number from 1 to 65535.");
    return port;
}

Result<WebPlace> parse_host(std::string_view text) {
    if (text.starts_with('[')) {
        auto const inner = text.substr(1, text.size() - 2);
        auto const address = parse_ip_address(inner);
        if (!text.ends_with(']') || !address || !address->is_v6)
            return fail(Errc::malformed, "The URL's IPv6 address is written wrongly.");
        return WebPlace{.host = to_text(*address), .address = address};
    }
    WebPlace place{.host = lower_case(text)};
    if (place.host.size() > 1 && place.host.ends_with('.')) place.host.pop_back();
    if (place.host.empty()) return fail(Errc::malformed, "The URL has to name a host.");
    place.address = parse_ip_address(place.host);
    if (place.address && !place.address->is_v6 && place.host.size() == text.size()) return place;
    if (!is_name(place.host))
        return fail(Errc::malformed,
                    "The URL's host is no valid name (one with other letters than a to z is "
                    "written as xn--...).");
    if (ends_in_a_number(place.host))
        return fail(Errc::malformed, "The URL's host is a number: an IP address has to be four "
                                     "decimal numbers, as in 192.0.2.1.");
    place.address.reset();
    return place;
}

} // namespace

Result<WebPlace> parse_web_place(std::string_view text, std::uint16_t default_port) {
    auto const behind_host = text.starts_with('[') ? text.find(']') : 0;
    auto const colon = text.find(':', std::min(behind_host, text.size()));
    auto place = parse_host(text.substr(0, colon));
    if (!place) return place;
    place->port = default_port;
    if (colon == std::string_view::npos) return place;
    auto const port = parse_port(text.substr(colon + 1));
    if (!port) return port.error();
    place->port = *port;
    return place;
}

std::string to_text(WebPlace const& place) {
    auto const is_v6 = place.address && place.address->is_v6;
    return (is_v6 ? "[" + place.host + "]" : place.host) + ":" + std::to_string(place.port);
}

Result<> check_web_place(WebPlace const& place, bool allow_private) {
    if (place.address && !may_be_reached(*place.address, allow_private))
        return fail(Errc::unsupported, "The URL's host is " +
                                           std::string(verdict_on(*place.address).what) +
                                           ": it is not fetched from here.");
    if (allow_private) return {};
    if (!place.address && is_inner_name(place.host))
        return fail(Errc::unsupported, "The URL's host is a name of this server's own network: it "
                                       "is not fetched from here.");
    if (place.port != http_port && place.port != https_port && place.port < first_user_port)
        return fail(Errc::unsupported,
                    "The URL's port is not one that films are served at: 80, 443, or 1024 and "
                    "above.");
    return {};
}

} // namespace continuo
