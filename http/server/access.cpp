#include "http/server/access.hpp"

#include "core/base/ip_address.hpp"
#include "http/server/problem.hpp"

#include <algorithm>
#include <array>

namespace continuo::server {
namespace {

/// Takes as long for a wrong text as for a right one of the same length.
bool equal_in_constant_time(std::string_view a, std::string_view b) {
    if (a.size() != b.size()) return false;
    unsigned difference = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        difference |= static_cast<unsigned char>(a[i]) ^ static_cast<unsigned char>(b[i]);
    return difference == 0;
}

/// "localhost:8080" -> "localhost"; "[::1]:8080" -> "[::1]".
std::string_view host_name(std::string_view host) {
    if (host.starts_with('[')) return host.substr(0, host.find(']') + 1);
    return host.substr(0, host.find(':'));
}

bool names_loopback(std::string_view host) {
    constexpr std::array<std::string_view, 3> names{"localhost", "127.0.0.1", "[::1]"};
    return std::find(names.begin(), names.end(), host_name(host)) != names.end();
}

bool comes_from_here(Request const& request) {
    if (!is_this_machine(request)) return false;
    if (request.origin.empty()) return true;
    constexpr std::string_view scheme = "http://";
    return request.origin.starts_with(scheme) &&
           request.origin.substr(scheme.size()) == request.host;
}

} // namespace

bool is_this_machine(Request const& request) {
    return request.from_loopback && !request.forwarded && names_loopback(request.host);
}

bool is_of_another_site(Request const& request) {
    if (!request.fetch_site.empty())
        return request.fetch_site != "same-origin" && request.fetch_site != "none";
    if (request.origin.empty()) return false;
    auto const scheme_end = request.origin.find("://");
    return scheme_end == std::string_view::npos ||
           request.origin.substr(scheme_end + 3) != request.host;
}

bool may_be_rebound(Request const& request) {
    if (!request.from_loopback || request.forwarded) return false;
    auto const name = host_name(request.host);
    return name.find('.') != std::string_view::npos && !parse_ip_address(name);
}

bool bears_token(Request const& request, std::string_view token) {
    constexpr std::string_view scheme = "bearer ";
    auto const authorization = request.authorization;
    if (authorization.size() < scheme.size()) return false;
    bool const is_bearer = std::equal(scheme.begin(), scheme.end(), authorization.begin(),
                                      [](char a, char b) { return a == (b | 0x20); });
    return is_bearer && equal_in_constant_time(authorization.substr(scheme.size()), token);
}

std::optional<Response> refuse_change(Request const& request, std::string_view token) {
    if (token.empty()) {
        if (comes_from_here(request)) return std::nullopt;
        return problem(403, "Without http.token_file only this machine may change something.");
    }
    if (bears_token(request, token)) return std::nullopt;
    return problem(401, "This needs \"Authorization: Bearer\" with the token of http.token_file.",
                   "WWW-Authenticate: Bearer\r\n");
}

} // namespace continuo::server
