#include "workers/egress/refusal_log.hpp"

#include "workers/egress/command_line.hpp"

#include <utility>

namespace continuo::egress {

std::optional<std::string> RefusalLog::line_for(std::string_view what, std::string_view reason,
                                                Time now) {
    if (!begin_ || now - *begin_ >= period) {
        begin_ = now;
        lines_ = 0;
    }
    if (lines_ == lines_a_period) {
        ++left_out_;
        return std::nullopt;
    }
    ++lines_;
    auto line =
        std::string(workers::egress::refused_prefix).append(what).append(": ").append(reason);
    if (auto const count = std::exchange(left_out_, 0); count > 0)
        line += " (" + std::to_string(count) + " more before)";
    return line;
}

} // namespace continuo::egress
