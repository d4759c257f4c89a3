#include "supervisor/child/stderr_tail.hpp"

#include "core/base/redact.hpp"
#include "core/base/utf8.hpp"

#include <utility>

namespace continuo::child {
namespace {

/// A URL that the cut has split may end in half a password, which nothing marks as one: it goes
/// whole.
std::string without_split_url(std::string line) {
    auto const url = line.rfind("://");
    if (url != std::string::npos && line.find(' ', url) == std::string::npos)
        line.replace(url + 3, std::string::npos, "...");
    return line;
}

} // namespace

std::vector<std::string> StderrTail::feed(std::string_view bytes) {
    std::vector<std::string> complete;
    for (char const c : bytes) {
        if (c != '\n' && c != '\r') {
            if (partial_.size() < max_line) partial_.push_back(c);
            continue;
        }
        if (partial_.empty()) continue;
        if (partial_.size() == max_line) partial_ = without_split_url(std::move(partial_));
        complete.push_back(without_credentials(well_formed_utf8(partial_)));
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
