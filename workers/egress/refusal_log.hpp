// Which refusals become lines: a playlist can name a thousand addresses a second. Pure.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace continuo::egress {

class RefusalLog {
public:
    using Time = std::chrono::steady_clock::time_point;
    static constexpr unsigned lines_a_period = 20;
    static constexpr std::chrono::seconds period{10};

    /// "refused WHAT: REASON", and how many were left out since the last line.
    std::optional<std::string> line_for(std::string_view what, std::string_view reason, Time now);

private:
    std::optional<Time> begin_{};
    unsigned lines_{0};
    unsigned left_out_{0};
};

} // namespace continuo::egress
