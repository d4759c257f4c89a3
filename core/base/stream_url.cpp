#include "core/base/stream_url.hpp"

#include <algorithm>
#include <string>

namespace continuo {
namespace {

/// RFC 3986 §3.1: schemes are the same in any case.
bool has_scheme(std::string_view url, std::string_view scheme) {
    return url.size() >= scheme.size() &&
           std::equal(scheme.begin(), scheme.end(), url.begin(), [](char wanted, char c) {
               return wanted == (c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
           });
}

/// RFC 3986 §3.2: what stands between user information and port; IPv6 in brackets.
std::string_view host_of(std::string_view url) {
    url.remove_prefix(url.find("://") + 3);
    auto host = url.substr(0, url.find_first_of("/?#"));
    if (auto const at = host.rfind('@'); at != std::string_view::npos) host.remove_prefix(at + 1);
    return host.starts_with('[') ? host : host.substr(0, host.find(':'));
}

bool is_blank_or_control(char c) {
    auto const byte = static_cast<unsigned char>(c);
    return byte <= 0x20 || byte == 0x7f;
}

} // namespace

Result<> check_stream_url(std::string_view url) {
    if (!has_scheme(url, "http://") && !has_scheme(url, "https://"))
        return fail(Errc::malformed, "has to begin with http:// or https://");
    if (host_of(url).empty()) return fail(Errc::malformed, "has to name a host");
    if (std::any_of(url.begin(), url.end(), is_blank_or_control))
        return fail(Errc::malformed, "may hold no blank and no control character");
    if (url.size() > longest_stream_url)
        return fail(Errc::malformed,
                    "may have " + std::to_string(longest_stream_url) + " bytes at most");
    return {};
}

} // namespace continuo
