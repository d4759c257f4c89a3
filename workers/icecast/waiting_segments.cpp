#include "workers/icecast/waiting_segments.hpp"

#include <utility>

namespace continuo::icecast {

std::size_t WaitingSegments::feed(std::string_view bytes) {
    std::size_t given_up = 0;
    for (char const c : bytes) {
        if (c == '\n')
            given_up += add(std::exchange(line_, {}));
        else if (line_.size() <= longest_line)
            line_.push_back(c);
    }
    return given_up;
}

std::size_t WaitingSegments::add(std::string line) {
    if (line.empty() || line.size() > longest_line) return 0;
    segments_.emplace_back(std::move(line));
    if (segments_.size() <= most) return 0;
    auto const given_up = segments_.size() - 1;
    segments_.erase(segments_.begin(), segments_.end() - 1);
    return given_up;
}

std::optional<std::filesystem::path> WaitingSegments::take() {
    if (segments_.empty()) return std::nullopt;
    auto segment = std::move(segments_.front());
    segments_.pop_front();
    return segment;
}

} // namespace continuo::icecast
