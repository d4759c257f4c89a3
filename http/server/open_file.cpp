#include "http/server/open_file.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <sys/stat.h>

#include <utility>

namespace continuo::server {

Result<OpenFile> OpenFile::open(std::filesystem::path const& path) {
    // O_NONBLOCK: a FIFO of that name must not hold the thread.
    os::Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    if (!file) return fail_errno(fmt::format("open \"{}\"", path.string()));
    struct stat facts {};
    if (::fstat(file.get(), &facts) != 0)
        return fail_errno(fmt::format("stat \"{}\"", path.string()));
    if (!S_ISREG(facts.st_mode)) return fail(Errc::not_found, path.string());
    return OpenFile(std::move(file), static_cast<std::uint64_t>(facts.st_size));
}

bool OpenFile::is_removed() const noexcept {
    struct stat facts {};
    return ::fstat(file_.get(), &facts) != 0 || facts.st_nlink == 0;
}

} // namespace continuo::server
