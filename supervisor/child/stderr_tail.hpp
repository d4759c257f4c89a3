// The last lines that a child said, for the message about its death.
#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace continuo::child {

/// Pure: bytes in, whole lines out; keeps the last `kept_lines`. Lines are cut at `max_line` bytes,
/// become well-formed UTF-8 and lose credentials.
class StderrTail {
public:
    static constexpr std::size_t kept_lines = 20;
    static constexpr std::size_t max_line = 1000; // bytes

    /// The lines that `bytes` complete.
    std::vector<std::string> feed(std::string_view bytes);
    std::deque<std::string> const& lines() const { return lines_; }
    /// The newest line that says what went wrong; empty when the child said nothing.
    std::string last() const;

private:
    std::string partial_;
    std::deque<std::string> lines_;
};

} // namespace continuo::child
