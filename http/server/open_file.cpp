#include "http/server/open_file.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <utility>

namespace continuo::server {

OpenFile::OpenFile(OpenFile&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), size_bytes_(std::exchange(other.size_bytes_, 0)) {}

OpenFile& OpenFile::operator=(OpenFile&& other) noexcept {
    std::swap(fd_, other.fd_);
    std::swap(size_bytes_, other.size_bytes_);
    return *this;
}

OpenFile::~OpenFile() {
    if (fd_ >= 0) ::close(fd_);
}

Result<OpenFile> OpenFile::open(std::filesystem::path const& path) {
    // O_NONBLOCK: a FIFO of that name must not hold the thread.
    int const fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0) return fail_errno(fmt::format("open \"{}\"", path.string()));
    OpenFile file(fd, 0);
    struct stat facts {};
    if (::fstat(fd, &facts) != 0) return fail_errno(fmt::format("stat \"{}\"", path.string()));
    if (!S_ISREG(facts.st_mode)) return fail(Errc::not_found, path.string());
    file.size_bytes_ = static_cast<std::uint64_t>(facts.st_size);
    return file;
}

bool OpenFile::is_removed() const noexcept {
    struct stat facts {};
    return ::fstat(fd_, &facts) != 0 || facts.st_nlink == 0;
}

} // namespace continuo::server
