#include "workers/segment/boundary_file.hpp"

#include <fcntl.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <array>
#include <string_view>
#include <utility>

namespace continuo::segment {

Result<BoundaryFile> BoundaryFile::open(std::filesystem::path const& path) {
    os::Descriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0644));
    if (!file) return fail_errno("open \"" + path.string() + "\"");
    // before the first read: what is appended in between wakes us
    os::Descriptor growth(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
    if (!growth || ::inotify_add_watch(growth.get(), path.c_str(), IN_MODIFY) < 0)
        return fail_errno("watch \"" + path.string() + "\"");
    return BoundaryFile(path, std::move(file), std::move(growth));
}

std::vector<contract::Boundary> BoundaryFile::read_new() {
    std::array<char, 4096> buffer;
    while (::read(growth_.get(), buffer.data(), buffer.size()) > 0) {
    }
    std::vector<contract::Boundary> boundaries;
    for (;;) {
        auto const count = ::pread(file_.get(), buffer.data(), buffer.size(), read_);
        if (count <= 0) return boundaries;
        read_ += count;
        lines_.add({buffer.data(), static_cast<std::size_t>(count)}, [&](std::string_view line) {
            auto boundary = contract::parse_boundary(line);
            if (boundary) boundaries.push_back(*std::move(boundary));
        });
    }
}

Result<> BoundaryFile::append(contract::Boundary const& boundary) {
    auto const* const spoils_torn = lines_.has_torn() ? "#\n" : ""; // it may look whole
    auto const line = spoils_torn + contract::encode(boundary);
    lines_ = {};
    if (::write(file_.get(), line.data(), line.size()) == static_cast<ssize_t>(line.size()))
        return {};
    return fail_errno("append to \"" + path_.string() + "\"");
}

} // namespace continuo::segment
