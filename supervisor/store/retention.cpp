#include "supervisor/store/retention.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace continuo::store {

void Retention::retire(File file, SteadyTime until) {
    if (!retired_.empty()) until = std::max(until, retired_.back().until);
    retired_.push_back({std::move(file), until});
}

File Retention::take_front() {
    auto file = std::move(retired_.front().file);
    retired_.pop_front();
    release(file.held_bytes());
    return file;
}

std::vector<File> Retention::expired(SteadyTime now) {
    std::vector<File> files;
    while (!retired_.empty() && retired_.front().until <= now)
        files.push_back(take_front());
    return files;
}

std::optional<SteadyTime> Retention::next_expiry() const {
    if (retired_.empty()) return std::nullopt;
    return retired_.front().until;
}

std::vector<File> Retention::forget_oldest() {
    std::vector<File> files;
    while (over_budget() && !retired_.empty())
        files.push_back(take_front());
    return files;
}

bool Retention::keeps_any_below(std::string_view directory) const {
    return std::any_of(retired_.begin(), retired_.end(), [&](Retired const& retired) {
        return std::string_view(retired.file.path).starts_with(directory);
    });
}

} // namespace continuo::store
