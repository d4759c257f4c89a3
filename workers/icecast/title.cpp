#include "workers/icecast/title.hpp"

#include "core/base/percent.hpp"

namespace continuo::icecast {
namespace {

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

std::string title_request(std::string_view mount, std::string_view title) {
    return "/admin/metadata?mode=updinfo&charset=UTF-8&mount=" + percent_encoded(mount) +
           "&song=" + percent_encoded(title);
}

} // namespace continuo::icecast
