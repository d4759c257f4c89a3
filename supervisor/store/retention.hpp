// Files that have left the list: how long they stay, and how much of tmpfs a channel may hold.
#pragma once

#include "supervisor/store/run_queue.hpp"

#include <cstdint>
#include <deque>
#include <vector>

namespace continuo::store {

/// Pure. Counts every byte the channel has on disk: `hold` what arrives, `retire` what leaves the
/// list, `release` what was never listed. What must be unlinked comes out of `expired` and
/// `forget_oldest`.
class Retention {
public:
    explicit Retention(std::uint64_t budget_bytes) : budget_bytes_(budget_bytes) {}

    void hold(std::uint64_t bytes) { held_bytes_ += bytes; }
    void release(std::uint64_t bytes) { held_bytes_ -= bytes; }

    /// Keeps `file` until `until`. RFC 8216 §6.2.2: segment + longest playlist that listed it,
    /// counted from the removal.
    void retire(File file, SteadyTime until);

    /// Files whose time has come; their bytes are released.
    std::vector<File> expired(SteadyTime now);
    std::optional<SteadyTime> next_expiry() const;

    bool over_budget() const { return held_bytes_ > budget_bytes_; }
    /// Gives up the oldest retired files until the budget holds or none is left.
    std::vector<File> forget_oldest();

    std::uint64_t held_bytes() const { return held_bytes_; }
    bool keeps_any_below(std::string_view directory) const;

private:
    struct Retired {
        File file;
        SteadyTime until;
    };

    File take_front();

    std::uint64_t budget_bytes_;
    std::uint64_t held_bytes_{};
    std::deque<Retired> retired_; ///< in the order of removal, which is the order of expiry
};

} // namespace continuo::store
