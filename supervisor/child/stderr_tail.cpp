#include "supervisor/child/stderr_tail.hpp"

#include "core/base/redact.hpp"

namespace continuo::child {

std::vector<std::string> StderrTail::feed(std::string_view bytes) {
    std::vector<std::string> complete;
    for (char const c : bytes) {
        if (c != '\n' && c != '\r') {
            if (partial_.size() < max_line) partial_.push_back(c);
            continue;
        }
        if (partial_.empty()) continue;
        complete.push_back(without_credentials(partial_));
        partial_.clear();
        lines_.push_back(complete.back());
        if (lines_.size() > kept_lines) lines_.pop_front();
    }
    return complete;
}

std::string StderrTail::last() const {
    // What an operator can use is the last error; ffmpeg marks its lines "[error]" and "[fatal]".
    for (auto line = lines_.rbegin(); line != lines_.rend(); ++line)
        if (line->find("[error]") != std::string::npos ||
            line->find("[fatal]") != std::string::npos)
            return *line;
    return lines_.empty() ? std::string{} : lines_.back();
}

} // namespace continuo::child
