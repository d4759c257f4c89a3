#include "workers/segment/cue_lines.hpp"

#include <fmt/format.h>

#include <iterator>

namespace continuo::segment {
namespace {

void append(std::vector<SpliceRequest>& to, std::vector<SpliceRequest> more) {
    to.insert(to.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

} // namespace

CueLines::Found CueLines::take(std::string_view bytes) {
    Found found;
    while (!bytes.empty()) {
        auto const end = bytes.find('\n');
        if (!is_done_) line_ += bytes.substr(0, end);
        if (line_.size() > max_size) {
            found.remarks.push_back(origin() + ": the line is too long");
            line_.clear();
            is_done_ = true;
        }
        if (end == std::string_view::npos) break;
        finish_line(found);
        bytes.remove_prefix(end + 1);
    }
    if (!is_done_) try_unfinished(found);
    return found;
}

void CueLines::finish_line(Found& found) {
    if (!is_done_) {
        auto const line = scte35::parse_sidecar_line(line_);
        if (!line)
            found.remarks.push_back(fmt::format("{}: {}", origin(), to_text(line.error())));
        else if (*line)
            append(found.requests, requests_of(**line, origin()));
    }
    line_.clear();
    is_done_ = false;
    ++number_;
}

void CueLines::try_unfinished(Found& found) {
    auto const line = scte35::parse_sidecar_line(line_);
    if (!line || !*line) return;
    append(found.requests, requests_of(**line, origin()));
    is_done_ = true;
}

std::string CueLines::origin() const {
    return fmt::format("{}:{}", name_, number_);
}

} // namespace continuo::segment
