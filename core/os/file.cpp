#include "core/os/file.hpp"

#include "core/os/descriptor.hpp"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace continuo::os {
namespace {

std::string quoted(char const* verb, fs::path const& path) {
    return std::string(verb) + " \"" + path.string() + "\"";
}

} // namespace

Result<std::string> read_file(fs::path const& path, std::uint64_t limit_bytes) {
    Descriptor const file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (file.get() < 0) return fail_errno(quoted("open", path));
    std::string bytes;
    char buffer[65536];
    for (;;) {
        auto const count = ::read(file.get(), buffer, sizeof buffer);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return fail_errno(quoted("read", path));
        if (count == 0) return bytes;
        bytes.append(buffer, static_cast<std::size_t>(count));
        if (bytes.size() > limit_bytes) return fail(Errc::out_of_range, quoted("size of", path));
    }
}

Result<> replace_file(fs::path const& path, std::string_view bytes, Readers readers) {
    mode_t const mode = readers == Readers::owner ? 0600 : 0644;
    auto temporary = path;
    temporary += ".tmp";
    auto const failed = [&](char const* verb) {
        auto error = fail_errno(quoted(verb, temporary));
        ::unlink(temporary.c_str());
        return error;
    };
    {
        Descriptor const file(
            ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode));
        if (file.get() < 0) return failed("create");
        // One that was left behind keeps the mode it was made with.
        if (readers == Readers::owner && ::fchmod(file.get(), mode) != 0)
            return failed("change the mode of");
        while (!bytes.empty()) {
            auto const count = ::write(file.get(), bytes.data(), bytes.size());
            if (count < 0 && errno == EINTR) continue;
            if (count < 0) return failed("write");
            bytes.remove_prefix(static_cast<std::size_t>(count));
        }
    }
    if (::rename(temporary.c_str(), path.c_str()) != 0) return failed("rename");
    return {};
}

Result<> make_directories(fs::path const& path) {
    std::error_code code;
    fs::create_directories(path, code);
    if (code) return Error{code, quoted("make the directory", path)};
    return {};
}

Result<FileSystem> file_system_of(fs::path const& path) {
    struct statfs facts {};
    if (::statfs(path.c_str(), &facts) != 0) return fail_errno(quoted("statfs", path));
    auto const block = static_cast<std::uint64_t>(facts.f_bsize);
    return FileSystem{.is_tmpfs = facts.f_type == TMPFS_MAGIC || facts.f_type == RAMFS_MAGIC,
                      .size_bytes = facts.f_blocks * block,
                      .free_bytes = facts.f_bavail * block};
}

} // namespace continuo::os
