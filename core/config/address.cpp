#include "core/config/address.hpp"

#include "core/config/units.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cstddef>

namespace continuo::config {
namespace {

constexpr std::size_t longest_name = 253; // RFC 1035 section 2.3.4, without the dot at the end
constexpr std::size_t longest_label = 63;
constexpr std::size_t longest_mount = 255;

bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

bool is_letter_or_digit(char c) noexcept {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// RFC 3986 section 2.3: what never needs an escape in a URL.
bool is_unreserved(char c) noexcept {
    return is_letter_or_digit(c) || std::string_view("-._~").find(c) != std::string_view::npos;
}

/// RFC 3986 section 3.3, and "%" on trust.
bool is_path_character(char c) noexcept {
    return is_unreserved(c) ||
           std::string_view("/:@!$&'()*+,;=%").find(c) != std::string_view::npos;
}

bool is_ip_address(std::string_view text, int family) {
    if (text.find('\0') != std::string_view::npos)
        return false; // where inet_pton would stop reading
    std::array<unsigned char, sizeof(in6_addr)> address{};
    return ::inet_pton(family, std::string(text).c_str(), address.data()) == 1;
}

/// With underscores: containers and services are often called so.
bool is_label(std::string_view label) noexcept {
    return !label.empty() && label.size() <= longest_label && label.front() != '-' &&
           label.back() != '-' && std::ranges::all_of(label, [](char c) {
               return is_letter_or_digit(c) || c == '-' || c == '_';
           });
}

bool is_host_name(std::string_view text) noexcept {
    if (text.size() > longest_name) return false;
    std::string_view label;
    while (true) {
        auto const dot = text.find('.');
        label = text.substr(0, dot);
        if (!is_label(label)) return false;
        if (dot == std::string_view::npos) break;
        text.remove_prefix(dot + 1);
    }
    // RFC 3696 section 2: a name's last part is never a number, so "300.1.1.1" is a wrong address.
    return !std::ranges::all_of(label, is_digit);
}

bool is_port(std::string_view text) noexcept {
    auto const port = parse_count(text);
    return port && *port >= 1 && *port <= 65535;
}

} // namespace

std::optional<std::string> parse_host(std::string_view text) {
    if (text.starts_with('[') && text.ends_with(']')) {
        text = text.substr(1, text.size() - 2);
        if (!is_ip_address(text, AF_INET6)) return {};
        return std::string(text);
    }
    if (!is_host_name(text) && !is_ip_address(text, AF_INET) && !is_ip_address(text, AF_INET6))
        return {};
    return std::string(text);
}

std::optional<std::string> parse_authority(std::string_view text) {
    auto const bracket = text.rfind(']');
    auto const colon = text.find(':', bracket == std::string_view::npos ? 0 : bracket);
    if (colon != std::string_view::npos && !is_port(text.substr(colon + 1))) return {};
    if (!parse_host(text.substr(0, colon))) return {};
    return std::string(text);
}

std::optional<std::string> parse_base_url(std::string_view text) {
    auto rest = text;
    for (std::string_view const scheme : {"http://", "https://"})
        if (text.starts_with(scheme)) rest.remove_prefix(scheme.size());
    if (rest.size() == text.size()) return {};

    auto const slash = std::min(rest.find('/'), rest.size());
    auto authority = rest.substr(0, slash);
    auto const at = authority.rfind('@');
    auto const user = at == std::string_view::npos ? "" : authority.substr(0, at);
    if (at != std::string_view::npos) authority.remove_prefix(at + 1);
    if (!parse_authority(authority) || !std::ranges::all_of(user, is_path_character) ||
        !std::ranges::all_of(rest.substr(slash), is_path_character))
        return {};
    return std::string(text.substr(0, text.find_last_not_of('/') + 1));
}

std::optional<std::string> parse_mount(std::string_view text) {
    if (text.size() < 2 || text.size() > longest_mount || text.front() != '/') return {};
    auto rest = text;
    while (!rest.empty()) {
        rest.remove_prefix(1); // the slash
        auto const part = rest.substr(0, rest.find('/'));
        if (part.empty() || part == "." || part == ".." ||
            !std::ranges::all_of(part, is_unreserved))
            return {};
        rest.remove_prefix(part.size());
    }
    return std::string(text);
}

} // namespace continuo::config
