#include "core/base/watch_url.hpp"

#include "core/base/percent.hpp"

#include <algorithm>
#include <optional>

namespace continuo {
namespace {

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_decimal(char c) {
    return c >= '0' && c <= '9';
}

bool is_hexadecimal(char c) {
    return is_decimal(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/// RFC 4648 §6, in any case.
bool is_base32(char c) {
    return is_letter(c) || (c >= '2' && c <= '7');
}

/// RFC 3986 §2.2, and the sign of what is encoded already.
bool is_of_a_url(char c) noexcept {
    return is_unreserved(c) ||
           std::string_view(":/?#[]@!$&'()*+,;=%").find(c) != std::string_view::npos;
}

bool is_blank_or_worse(char c) {
    auto const byte = static_cast<unsigned char>(c);
    return byte <= 0x20 || byte == 0x7f;
}

/// NUL, LF or CR, percent-encoded: no name of a file has them, and who decodes them is split there.
bool hides_an_end(std::string_view text) {
    for (std::size_t i = 0; i + 2 < text.size(); ++i) {
        if (text[i] != '%' || text[i + 1] != '0') continue;
        if (std::string_view("0aAdD").find(text[i + 2]) != std::string_view::npos) return true;
    }
    return false;
}

/// What stands before the first colon, in lower case; nothing where that is no scheme (RFC 3986
/// §3.1).
std::optional<std::string> scheme_of(std::string_view text) {
    auto const colon = text.find(':');
    if (colon == std::string_view::npos || colon == 0 || !is_letter(text.front()))
        return std::nullopt;
    std::string scheme(text.substr(0, colon));
    for (auto& c : scheme) {
        if (!is_letter(c) && !is_decimal(c) && c != '+' && c != '-' && c != '.')
            return std::nullopt;
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return scheme;
}

/// "urn:btih:" and 40 hexadecimal or 32 base32 digits; "urn:btmh:1220" and 64 hexadecimal ones.
bool is_torrent(std::string_view topic) {
    constexpr std::string_view version_1 = "urn:btih:";
    constexpr std::string_view version_2 = "urn:btmh:1220";
    if (topic.starts_with(version_1)) {
        auto const hash = topic.substr(version_1.size());
        return (hash.size() == 40 && std::ranges::all_of(hash, is_hexadecimal)) ||
               (hash.size() == 32 && std::ranges::all_of(hash, is_base32));
    }
    if (!topic.starts_with(version_2)) return false;
    auto const hash = topic.substr(version_2.size());
    return hash.size() == 64 && std::ranges::all_of(hash, is_hexadecimal);
}

bool names_a_torrent(std::string_view parameters) {
    while (!parameters.empty()) {
        auto const parameter = parameters.substr(0, parameters.find('&'));
        if (parameter.starts_with("xt=") && is_torrent(parameter.substr(3))) return true;
        parameters.remove_prefix(std::min(parameter.size() + 1, parameters.size()));
    }
    return false;
}

Result<WatchUrl> magnet(std::string_view text, WatchUrlRules const& rules) {
    if (rules.torrent_gateway.empty())
        return fail(Errc::unsupported, "Magnet links need a torrent gateway, and this server has "
                                       "none (watch.torrent_gateway in its config.yaml).");
    auto const parameters = text.substr(std::string_view("magnet:").size());
    if (!parameters.starts_with('?') || !names_a_torrent(parameters.substr(1)))
        return fail(Errc::malformed, "The magnet link has to name a torrent (xt=urn:btih:...).");
    WatchUrl made{.url = rules.torrent_gateway, .is_magnet = true};
    auto const encoded = percent_encoded(text);
    for (auto at = made.url.find(magnet_blank); at != std::string::npos;
         at = made.url.find(magnet_blank, at + encoded.size()))
        made.url.replace(at, magnet_blank.size(), encoded);
    return made;
}

Result<WatchUrl> web(std::string_view text, std::string const& scheme, WatchUrlRules const& rules) {
    auto rest = text.substr(scheme.size() + 1);
    if (!rest.starts_with("//"))
        return fail(Errc::malformed, "The URL has to begin with http:// or https://.");
    rest.remove_prefix(2);
    auto const authority = rest.substr(0, rest.find_first_of("/?#"));
    rest.remove_prefix(authority.size());
    if (authority.find('@') != std::string_view::npos)
        return fail(Errc::unsupported, "User name and password do not belong in the URL: all who "
                                       "watch would use them.");
    auto const default_port = scheme == "https" ? https_port : http_port;
    auto const place = parse_web_place(authority, default_port);
    if (!place) return place.error();
    if (auto const checked = check_web_place(*place, rules.allow_private); !checked)
        return checked.error();

    auto host = to_text(*place);
    if (place->port == default_port) host.resize(host.rfind(':'));
    auto const path = percent_encoded(rest.substr(0, rest.find('#')), is_of_a_url);
    auto const* const root = path.starts_with('/') ? "" : "/";
    return WatchUrl{.url = scheme + "://" + host + root + path};
}

} // namespace

Result<WatchUrl> parse_watch_url(std::string_view text, WatchUrlRules const& rules) {
    if (text.empty()) return fail(Errc::malformed, "The URL of a video is missing.");
    if (text.size() > longest_watch_url)
        return fail(Errc::malformed, "The URL is too long: " + std::to_string(longest_watch_url) +
                                         " bytes are the most.");
    if (std::ranges::any_of(text, is_blank_or_worse) || hides_an_end(text))
        return fail(Errc::malformed, "The URL may hold no blank, line break or control character.");
    if (text.find('\\') != std::string_view::npos)
        return fail(Errc::malformed, "The URL may hold no backslash.");
    auto const scheme = scheme_of(text);
    if (scheme == "magnet") return magnet(text, rules);
    if (scheme == "http" || scheme == "https") return web(text, *scheme, rules);
    return fail(Errc::unsupported,
                "Only URLs that begin with http:// or https://, and magnet links, can be watched.");
}

Result<WebPlace> parse_gateway(std::string_view url) {
    auto const scheme = scheme_of(url);
    auto const is_web = scheme == "http" || scheme == "https";
    if (!is_web || !url.substr(scheme->size() + 1).starts_with("//"))
        return fail(Errc::malformed, "It has to begin with http:// or https://.");
    auto authority = url.substr(scheme->size() + 3);
    authority = authority.substr(0, authority.find_first_of("/?#"));
    authority.remove_prefix(authority.rfind('@') + 1); // npos + 1 is the beginning
    return parse_web_place(authority, scheme == "https" ? https_port : http_port);
}

} // namespace continuo
