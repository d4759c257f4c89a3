#include "http/dashlive/base_url.hpp"

#include <algorithm>
#include <string_view>

namespace continuo::dashlive {
namespace {

/// A name, an IPv4 or a bracketed IPv6 address, with a port or without (RFC 3986 §3.2.2, §3.2.3).
bool is_host_character(char c) {
    constexpr std::string_view others{"-._:[]"};
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           others.find(c) != std::string_view::npos;
}

} // namespace

std::string base_url_of(server::Request const& request) {
    if (request.host.empty() || !std::ranges::all_of(request.host, is_host_character)) return {};
    auto const* const scheme = request.forwarded_proto == "https" ? "https://" : "http://";
    return std::string(scheme).append(request.host);
}

} // namespace continuo::dashlive
