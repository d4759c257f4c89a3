#include "workers/icecast/title.hpp"

namespace continuo::icecast {
namespace {

bool is_unreserved(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

bool is_continuation(char c) {
    return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

} // namespace

std::string title_of(std::string_view text) {
    std::string title;
    for (char const c : text) {
        auto const is_blank = static_cast<unsigned char>(c) <= ' ' || c == 0x7F;
        if (!is_blank)
            title += c;
        else if (!title.empty() && title.back() != ' ')
            title += ' ';
    }
    if (title.size() > longest_title) {
        auto end = longest_title;
        while (end > 0 && is_continuation(title[end]))
            --end;
        title.resize(end);
    }
    if (!title.empty() && title.back() == ' ') title.pop_back();
    return title;
}

std::string percent_encoded(std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string encoded;
    for (char const c : text) {
        if (is_unreserved(c)) {
            encoded += c;
            continue;
        }
        auto const byte = static_cast<unsigned char>(c);
        encoded += '%';
        encoded += digits[byte >> 4];
        encoded += digits[byte & 0x0F];
    }
    return encoded;
}

std::string title_request(std::string_view mount, std::string_view title) {
    return "/admin/metadata?mode=updinfo&charset=UTF-8&mount=" + percent_encoded(mount) +
           "&song=" + percent_encoded(title);
}

} // namespace continuo::icecast
