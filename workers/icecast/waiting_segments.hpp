// The segments that are to be heard, as the supervisor names them: a path a line.
#pragma once

#include <cstddef>
#include <deque>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace continuo::icecast {

/// Pure. Holds a few; who can't keep up goes on with the newest instead of falling behind.
class WaitingSegments {
public:
    static constexpr std::size_t most = 6;
    static constexpr std::size_t longest_line = 4096; ///< bytes; longer ones are no paths of ours

    /// `bytes`: in any chunks. Returns how many segments had to be given up.
    std::size_t feed(std::string_view bytes);
    std::optional<std::filesystem::path> take();
    bool empty() const noexcept { return segments_.empty(); }

private:
    std::size_t add(std::string line);

    std::string line_;
    std::deque<std::filesystem::path> segments_;
};

} // namespace continuo::icecast
