#include "core/base/redact.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace continuo {
namespace {

constexpr std::array<std::string_view, 7> secret_words{"key",  "token", "secret", "sig",
                                                       "pass", "pwd",   "auth"};

bool ends_url(char c) {
    return c <= ' ' || c == '"' || c == '\'' || c == '<' || c == '>';
}

bool names_a_secret(std::string_view name) {
    std::string lower(name);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return std::any_of(secret_words.begin(), secret_words.end(), [&](std::string_view word) {
        return lower.find(word) != std::string::npos;
    });
}

/// `rest`: what follows "scheme://", up to the URL's end. It may hold further URLs: a proxy's
/// target, a concat: list.
std::string redacted(std::string_view rest) {
    std::string out;
    auto const authority = rest.substr(0, rest.find_first_of("/?#"));
    if (auto const at = authority.rfind('@'); at != std::string_view::npos) {
        out = "***";
        rest.remove_prefix(at);
    }
    auto const query = rest.find('?');
    out += without_credentials(rest.substr(0, query));
    if (query == std::string_view::npos) return out;
    rest.remove_prefix(query);
    while (!rest.empty()) {
        out += rest.front();
        rest.remove_prefix(1);
        auto const parameter = rest.substr(0, rest.find_first_of("&#"));
        auto const equals = parameter.find('=');
        if (equals != std::string_view::npos && names_a_secret(parameter.substr(0, equals)))
            out.append(parameter.substr(0, equals)).append("=***");
        else
            out += without_credentials(parameter);
        rest.remove_prefix(parameter.size());
    }
    return out;
}

} // namespace

std::string without_credentials(std::string_view text) {
    std::string out;
    for (;;) {
        auto const scheme = text.find("://");
        if (scheme == std::string_view::npos) return out.append(text);
        out.append(text.substr(0, scheme + 3));
        text.remove_prefix(scheme + 3);
        auto const end = static_cast<std::size_t>(std::find_if(text.begin(), text.end(), ends_url) -
                                                  text.begin());
        out += redacted(text.substr(0, end));
        text.remove_prefix(end);
    }
}

} // namespace continuo
