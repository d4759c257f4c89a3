#include "http/pseudolive/reading.hpp"

#include "core/os/file.hpp"

#include <fmt/format.h>

#include <utility>

namespace continuo::pseudolive {
namespace {

constexpr std::size_t most_folders = 1000;
constexpr std::uint64_t largest_index = 256ull << 20; // bytes

} // namespace

std::optional<Report> Reading::next(storage::Duty& duty, WallTime wall_now) {
    if (!draft_) return begin(duty, wall_now);
    if (!measure_up_to(plan_.places.size(), duty)) return std::nullopt;
    if (!refusal_.empty()) return refuse(std::move(refusal_));
    remember();
    is_finished_ = true;
    return report();
}

std::optional<Report> Reading::begin(storage::Duty& duty, WallTime wall_now) {
    // Before anything is read: what changes meanwhile is told.
    watch_folders();
    auto draft = Draft::read(options_.folder, options_.root);
    if (!draft) return refuse(draft.error().reason);
    if (!*draft) {
        is_finished_ = true;
        return Report{.is_stream = false, .asset = nullptr, .refusal = {}, .trouble = {}};
    }
    draft_.emplace(**std::move(draft));
    recall();
    auto const since = wall_now - options_.stream.era.start - options_.stream.hold_back;
    auto plan = draft_->plan(
        {.since_start = std::chrono::floor<Ticks90k>(since), .window = options_.stream.window});
    if (!plan) return refuse(plan.error().reason);
    plan_ = *std::move(plan);
    if (!measure_up_to(plan_.listed, duty)) return std::nullopt;
    // Where EXTINF is wrong nobody knows where the stream is before all of the reference is known.
    if (refusal_.empty() && !draft_->agrees() && !measure_up_to(plan_.reference, duty))
        return std::nullopt;
    if (!refusal_.empty()) return refuse(std::move(refusal_));
    is_finished_ = measured_ == plan_.places.size();
    if (is_finished_ && measured_ > 0) remember();
    return report();
}

std::optional<Report> Reading::refuse(std::string reason) {
    is_finished_ = true;
    return Report{.asset = nullptr, .refusal = std::move(reason), .trouble = std::move(trouble_)};
}

std::optional<Report> Reading::report() {
    auto asset = draft_->assembled();
    if (!asset) return refuse(asset.error().reason);
    return Report{.asset = *std::move(asset),
                  .refusal = {},
                  .segments = draft_->size(),
                  .unmeasured = plan_.places.size() - measured_,
                  .trouble = std::exchange(trouble_, {})};
}

/// False where it was stopped; `refusal_` says what could not be read.
bool Reading::measure_up_to(std::size_t count, storage::Duty& duty) {
    for (; measured_ < count; ++measured_) {
        if (duty.is_stopping() || is_cancelled_.load(std::memory_order_relaxed)) return false;
        duty.go_on();
        if (auto const done = draft_->measure(plan_.places[measured_]); !done) {
            refusal_ = done.error().reason;
            return true;
        }
    }
    return true;
}

void Reading::watch_folders() {
    auto const watch = [&](fs::path const& folder) {
        auto const number = options_.watcher.watch(folder, server::Interest::files);
        if (number)
            watches_.push_back(*number);
        else if (trouble_.empty())
            trouble_ =
                fmt::format("{}; changes in it are seen at a reload only", to_text(number.error()));
    };
    watch(options_.folder);
    std::error_code code;
    for (fs::recursive_directory_iterator entry(options_.folder, code), end;
         !code && entry != end && watches_.size() < most_folders; entry.increment(code))
        if (entry->is_directory(code) && !entry->is_symlink(code)) watch(entry->path());
}

void Reading::recall() {
    auto const text = os::read_file(options_.index_file, largest_index);
    if (!text) return; // measured anew
    if (auto const known = parse_measurements(*text)) draft_->recall(*known);
}

void Reading::remember() {
    std::error_code code;
    fs::create_directories(options_.index_file.parent_path(), code);
    auto const kept = os::replace_file(options_.index_file, to_text(draft_->measurements()));
    if (!kept)
        trouble_ =
            fmt::format("{}; it will be measured again after a restart", to_text(kept.error()));
}

} // namespace continuo::pseudolive
