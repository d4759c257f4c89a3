// Small files, whole: read, replaced by rename; and what the file system below says of itself.
#pragma once

#include "core/base/result.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace continuo::os {

namespace fs = std::filesystem;

/// The whole file. Errors: errno with the path; `Errc::out_of_range` beyond `limit_bytes`.
Result<std::string> read_file(fs::path const& path, std::uint64_t limit_bytes = 64ull << 20);

enum class Readers : std::uint8_t { everybody, owner };

/// Writes `path`.tmp beside it and renames: a reader sees the old bytes or the new ones.
Result<> replace_file(fs::path const& path, std::string_view bytes,
                      Readers readers = Readers::everybody);

/// The same, and on the disk when it returns: after a power cut the file is whole. Takes as long as
/// the disk does.
Result<> replace_file_durably(fs::path const& path, std::string_view bytes);

/// In one write at the end of the file, which is made where there is none.
Result<> append_to_file(fs::path const& path, std::string_view bytes);

struct Replacement {
    fs::path path;
    std::string_view bytes;
};
/// The same for several files: all are written first, then renamed right after one another. After
/// an error in writing none has changed.
Result<> replace_files(std::vector<Replacement> const& replacements);

/// Makes a directory and its parents; no error when it is there.
Result<> make_directories(fs::path const& path);

struct FileSystem {
    bool is_tmpfs{false};
    std::uint64_t size_bytes{};
    std::uint64_t free_bytes{}; ///< for us
};
Result<FileSystem> file_system_of(fs::path const& path);

} // namespace continuo::os
