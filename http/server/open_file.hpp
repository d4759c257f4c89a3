// A file whose bytes answers are made of: opened once, sent by any number of responses, which may
// go on when its name is gone.
#pragma once

#include "core/base/result.hpp"

#include <cstdint>
#include <filesystem>

namespace continuo::server {

/// An open file; closes it. Move-only.
class OpenFile {
public:
    OpenFile() = default;
    OpenFile(int fd, std::uint64_t size_bytes) noexcept : fd_(fd), size_bytes_(size_bytes) {}
    OpenFile(OpenFile&& other) noexcept;
    OpenFile& operator=(OpenFile&& other) noexcept;
    ~OpenFile();

    /// A regular file, symbolic links refused. Errors: errno with the path; `Errc::not_found` for
    /// anything else.
    static Result<OpenFile> open(std::filesystem::path const& path);

    int fd() const noexcept { return fd_; }
    std::uint64_t size_bytes() const noexcept { return size_bytes_; }
    bool is_open() const noexcept { return fd_ >= 0; }
    /// Whether nobody can open it any more: it lives, and holds its memory, only through us.
    bool is_removed() const noexcept;

private:
    int fd_{-1};
    std::uint64_t size_bytes_{};
};

} // namespace continuo::server
