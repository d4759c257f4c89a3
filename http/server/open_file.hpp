// A file whose bytes answers are made of: opened once, sent by any number of responses, which may
// go on when its name is gone.
#pragma once

#include "core/base/result.hpp"
#include "core/os/descriptor.hpp"

#include <cstdint>
#include <filesystem>
#include <utility>

namespace continuo::server {

class OpenFile {
public:
    OpenFile() = default;
    OpenFile(os::Descriptor file, std::uint64_t size_bytes) noexcept
        : file_(std::move(file)), size_bytes_(size_bytes) {}

    /// A regular file, symbolic links refused. Errors: errno with the path; `Errc::not_found` for
    /// anything else.
    static Result<OpenFile> open(std::filesystem::path const& path);

    int fd() const noexcept { return file_.get(); }
    std::uint64_t size_bytes() const noexcept { return size_bytes_; }
    bool is_open() const noexcept { return static_cast<bool>(file_); }
    /// Whether nobody can open it any more: it lives, and holds its memory, only through us.
    bool is_removed() const noexcept;

private:
    os::Descriptor file_;
    std::uint64_t size_bytes_{};
};

} // namespace continuo::server
