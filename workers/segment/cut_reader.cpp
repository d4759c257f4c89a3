#include "workers/segment/cut_reader.hpp"

#include <fcntl.h>
#include <unistd.h>

namespace continuo::segment {

std::vector<contract::Cut> CutReader::read_new() {
    std::vector<contract::Cut> cuts;
    if (!file_) file_ = os::Descriptor(::open(path_.c_str(), O_RDONLY | O_CLOEXEC));
    char buffer[4096];
    for (;;) {
        auto const count = file_ ? ::read(file_.get(), buffer, sizeof buffer) : 0;
        if (count <= 0) return cuts;
        lines_.add({buffer, static_cast<std::size_t>(count)}, [&](std::string_view line) {
            if (auto const cut = contract::parse_cut(line)) cuts.push_back(*cut);
        });
    }
}

} // namespace continuo::segment
