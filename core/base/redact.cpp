#include "core/base/redact.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace continuo {
namespace {

constexpr std::array<std::string_view, 7> secret_words{"key",  "token", "secret", "sig",
                                                       "pass", "pwd",   "auth"};

bool ends_a_word(char c) {
    return static_cast<unsigned char>(c) <= ' ';
}

bool names_a_secret(std::string_view name) {
    std::string lower(name);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return std::any_of(secret_words.begin(), secret_words.end(), [&](std::string_view word) {
        return lower.find(word) != std::string::npos;
    });
}

/// Passwords may hold quotes and brackets, legally or not, so that none of them ends a URL; those
/// at its very end are the text's around it.
std::size_t end_of_url(std::string_view text) {
    auto const blank = std::find_if(text.begin(), text.end(), ends_a_word);
    auto const word = text.substr(0, static_cast<std::size_t>(blank - text.begin()));
    return word.find_last_not_of("\"'<>()[]{},;:.") + 1; // npos + 1 is the beginning
}

/// `url`: from its "://" on. It may hold further URLs (a proxy's target): each "?", "&" and "#" may
/// begin a parameter.
std::string without_secret_values(std::string_view url) {
    std::string out;
    while (!url.empty()) {
        out += url.front();
        auto const begins_parameter =
            std::string_view("?&#").find(url.front()) != std::string_view::npos;
        url.remove_prefix(1);
        auto const name = url.substr(0, url.find_first_of("=?&#"));
        auto const has_value = name.size() < url.size() && url[name.size()] == '=';
        if (!begins_parameter || !has_value || !names_a_secret(name)) continue;
        out.append(name).append("=***");
        url.remove_prefix(std::min(url.find_first_of("&#"), url.size()));
    }
    return out;
}

/// `text`: with URLs anywhere, one within the other or not.
std::string without_users(std::string_view text) {
    std::string out;
    for (;;) {
        auto const scheme = text.find("://");
        if (scheme == std::string_view::npos) return out.append(text);
        out.append(text.substr(0, scheme + 3));
        text.remove_prefix(scheme + 3);
        auto const authority =
            text.substr(0, text.find_first_of("/?#")).substr(0, end_of_url(text));
        if (auto const at = authority.rfind('@'); at != std::string_view::npos) {
            out += "***";
            text.remove_prefix(at);
        }
    }
}

} // namespace

std::string without_credentials(std::string_view text) {
    std::string out;
    for (;;) {
        auto const scheme = text.find("://");
        if (scheme == std::string_view::npos) return without_users(out.append(text));
        out.append(text.substr(0, scheme));
        text.remove_prefix(scheme);
        auto const url = text.substr(0, end_of_url(text));
        out += without_secret_values(url);
        text.remove_prefix(url.size());
    }
}

} // namespace continuo
