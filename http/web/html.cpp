#include "http/web/html.hpp"

#include <fmt/format.h>

namespace continuo::web {

std::string escaped(std::string_view text) {
    std::string html;
    html.reserve(text.size());
    for (char const c : text) {
        switch (c) {
        case '&': html += "&amp;"; break;
        case '<': html += "&lt;"; break;
        case '>': html += "&gt;"; break;
        case '"': html += "&quot;"; break;
        case '\'': html += "&#39;"; break;
        default: html += c;
        }
    }
    return html;
}

std::string filled(std::string_view page, std::string_view name, std::string_view text) {
    auto const mark = fmt::format("{{{{{}}}}}", name);
    std::string result;
    for (auto place = page.find(mark); place != std::string_view::npos; place = page.find(mark)) {
        result.append(page.substr(0, place)).append(text);
        page.remove_prefix(place + mark.size());
    }
    return result.append(page);
}

} // namespace continuo::web
