#include "http/server/date_text.hpp"

#include <fmt/chrono.h>

namespace continuo::server {

std::string_view DateText::at(std::chrono::sys_seconds now) {
    if (now != second_) {
        second_ = now;
        text_ = fmt::format("{:%a, %d %b %Y %H:%M:%S GMT}", now);
    }
    return text_;
}

} // namespace continuo::server
