// The value of the Date field, made once a second.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace continuo::server {

/// One thread's; pure but for what it remembers.
class DateText {
public:
    /// IMF-fixdate: "Sun, 06 Nov 1994 08:49:37 GMT"; valid until the next call. Spec: RFC 9110
    /// §5.6.7.
    std::string_view at(std::chrono::sys_seconds now);

private:
    std::chrono::sys_seconds second_{std::chrono::sys_seconds::min()};
    std::string text_;
};

} // namespace continuo::server
