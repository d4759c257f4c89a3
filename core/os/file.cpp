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

fs::path temporary_of(fs::path path) {
    path += ".tmp";
    return path;
}

enum class Until : bool { written, on_disk };

/// Writes `path`.tmp; there is none after an error.
Result<> write_beside(fs::path const& path, std::string_view bytes, Readers readers,
                      Until until = Until::written) {
    mode_t const mode = readers == Readers::owner ? 0600 : 0644;
    auto const temporary = temporary_of(path);
    auto const failed = [&](char const* verb) {
        auto error = fail_errno(quoted(verb, temporary));
        ::unlink(temporary.c_str());
        return error;
    };
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
    if (until == Until::on_disk && ::fsync(file.get()) != 0) return failed("sync");
    return {};
}

Result<> put_in_place(fs::path const& path) {
    auto const temporary = temporary_of(path);
    if (::rename(temporary.c_str(), path.c_str()) == 0) return {};
    auto error = fail_errno(quoted("rename", temporary));
    ::unlink(temporary.c_str());
    return error;
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
    if (auto const written = write_beside(path, bytes, readers); !written) return written;
    return put_in_place(path);
}

Result<> replace_file_durably(fs::path const& path, std::string_view bytes) {
    if (auto const written = write_beside(path, bytes, Readers::everybody, Until::on_disk);
        !written)
        return written;
    if (auto const placed = put_in_place(path); !placed) return placed;
    auto const parent = path.parent_path();
    Descriptor const folder(::open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (folder.get() < 0) return fail_errno(quoted("open", parent));
    if (::fsync(folder.get()) != 0) return fail_errno(quoted("sync", parent));
    return {};
}

Result<> replace_files(std::vector<Replacement> const& replacements) {
    for (std::size_t index = 0; index < replacements.size(); ++index) {
        auto const& [path, bytes] = replacements[index];
        auto const written = write_beside(path, bytes, Readers::everybody);
        if (written) continue;
        while (index-- > 0)
            ::unlink(temporary_of(replacements[index].path).c_str());
        return written;
    }
    Result<> result;
    for (auto const& replacement : replacements)
        if (auto const placed = put_in_place(replacement.path); !placed && result) result = placed;
    return result;
}

Result<> append_to_file(fs::path const& path, std::string_view bytes) {
    Descriptor const file(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644));
    if (file.get() < 0) return fail_errno(quoted("open", path));
    auto const written = ::write(file.get(), bytes.data(), bytes.size());
    if (written < 0) return fail_errno(quoted("append to", path));
    if (static_cast<std::size_t>(written) == bytes.size()) return {};
    errno = ENOSPC; // what a file takes in part is full
    return fail_errno(quoted("append to", path));
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
