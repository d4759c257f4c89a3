#include "workers/segment/cut_reader.hpp"

#include <fcntl.h>
#include <unistd.h>

namespace continuo::segment {

std::vector<contract::Cut> CutReader::read_new() {
    std::vector<contract::Cut> cuts;
    if (!file_) file_ = Descriptor(::open(path_.c_str(), O_RDONLY | O_CLOEXEC));
    char buffer[4096];
    for (;;) {
        auto const count = file_ ? ::read(file_.get(), buffer, sizeof buffer) : 0;
        if (count <= 0) return cuts;
        incomplete_.append(buffer, static_cast<std::size_t>(count));
        std::size_t begin = 0;
        for (auto end = incomplete_.find('\n'); end != std::string::npos;
             end = incomplete_.find('\n', begin)) {
            auto const line = std::string_view(incomplete_).substr(begin, end - begin);
            if (auto const cut = contract::parse_cut(line)) cuts.push_back(*cut);
            begin = end + 1;
        }
        incomplete_.erase(0, begin);
    }
}

} // namespace continuo::segment
