#include "http/server/target.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace continuo::server {
namespace {

std::optional<int> hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return std::nullopt;
}

bool is_control(char c) {
    auto const byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7f;
}

/// Nothing for a bad escape, and for escapes that would change where segments end.
std::optional<std::string> percent_decoded(std::string_view text) {
    std::string decoded;
    decoded.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (c == '%') {
            if (text.size() - i < 3) return std::nullopt;
            auto const high = hex_digit(text[i + 1]);
            auto const low = hex_digit(text[i + 2]);
            if (!high || !low) return std::nullopt;
            c = static_cast<char>(*high * 16 + *low);
            if (c == '/' || c == '\\') return std::nullopt;
            i += 2;
        }
        if (is_control(c) || c == '#') return std::nullopt;
        decoded.push_back(c);
    }
    return decoded;
}

/// Nothing when ".." would climb above the root.
std::optional<std::string> without_dot_segments(std::string_view path) {
    std::string result;
    result.reserve(path.size());
    while (!path.empty()) {
        path.remove_prefix(1); // the '/' before the segment
        auto const end = std::min(path.find('/'), path.size());
        auto const segment = path.substr(0, end);
        bool const is_last = end == path.size();
        path.remove_prefix(end);
        if (segment == "..") {
            if (result.empty()) return std::nullopt;
            result.resize(result.rfind('/'));
        } else if (segment != ".") {
            result.append("/").append(segment);
            continue;
        }
        if (is_last) result.push_back('/');
    }
    return result;
}

/// The part of absolute-form after the authority, the text itself in any other form.
std::string_view without_origin(std::string_view text) {
    for (std::string_view const scheme : {"http://", "https://"}) {
        if (!text.starts_with(scheme)) continue;
        auto const end_of_authority = text.find_first_of("/?", scheme.size());
        return end_of_authority == std::string_view::npos ? "/" : text.substr(end_of_authority);
    }
    return text;
}

} // namespace

Result<Target> parse_target(std::string_view text) {
    if (text == "*") return Target{"*", {}};
    auto const local = without_origin(text);
    auto const question = std::min(local.find('?'), local.size());
    auto const raw = local.substr(0, question);
    auto const query = local.substr(std::min(question + 1, local.size()));

    if (raw.empty() && local.size() != text.size()) return Target{"/", query};
    if (!raw.starts_with('/')) return fail(Errc::malformed, "request target");
    auto const decoded = percent_decoded(raw);
    if (!decoded) return fail(Errc::malformed, "escapes of the request target");
    auto path = without_dot_segments(*decoded);
    if (!path) return fail(Errc::malformed, "request target above the root");
    return Target{std::move(*path), query};
}

} // namespace continuo::server
