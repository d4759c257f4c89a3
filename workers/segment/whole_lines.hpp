// Lines of a file that somebody else appends to while we read it.
#pragma once

#include <string>
#include <string_view>

namespace continuo::segment {

class WholeLines {
public:
    /// Calls `visit(std::string_view)` for each line that `bytes` complete, without its newline.
    template <class Visit>
    void add(std::string_view bytes, Visit&& visit) {
        torn_ += bytes;
        std::size_t begin = 0;
        for (auto end = torn_.find('\n'); end != std::string::npos; end = torn_.find('\n', begin)) {
            visit(std::string_view(torn_).substr(begin, end - begin));
            begin = end + 1;
        }
        torn_.erase(0, begin);
    }

    /// There is the beginning of a line.
    bool has_torn() const noexcept { return !torn_.empty(); }

private:
    std::string torn_;
};

} // namespace continuo::segment
