// Room for what sessions write: whether there is some, and a little that is kept back, so that
// viewers can be told when there is none.
#pragma once

#include <cstdint>
#include <filesystem>

namespace continuo::sessions {

/// Owned by `Watch`.
class Room {
public:
    /// `directory`: of the sessions' files; `reserve` lies there.
    explicit Room(std::filesystem::path directory);

    /// Keeps something back, where there is enough.
    void keep_reserve();
    /// Gives some of it away: whoever else wants room takes that, too, so it goes in pieces. False:
    /// there was none.
    bool use_reserve();
    void drop_reserve();

    /// Whether another film may be begun.
    bool has_some() const;
    /// Whether a segment of so many bytes can't be written: a torn one is taken away, so that there
    /// is room for a part of it again.
    bool is_full(std::uint64_t segment_bytes) const;

private:
    std::filesystem::path directory_;
    std::filesystem::path reserve_;
};

} // namespace continuo::sessions
