// The files of an asset as the file system knows them: that they are there, inside, and whether
// they are the same as when they were measured.
#pragma once

#include "http/storage/refusal.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

namespace continuo::storage {

namespace fs = std::filesystem;

/// What changes when a file does.
struct Stamp {
    std::uint64_t size_bytes{};
    std::int64_t modified_ns{}; ///< since 1970

    friend bool operator==(Stamp const&, Stamp const&) = default;
};
std::string to_text(Stamp const& stamp);

/// Whether `path` is `folder`, or lies in it; both canonical.
bool is_below(fs::path const& path, fs::path const& folder);

/// Looks at files of one asset. Symbolic links are followed, as long as they stay within the
/// asset's folder or the root; the folder itself may be a link to anywhere.
class FileFinder {
public:
    /// `folder`, `root`: canonical.
    FileFinder(fs::path folder, fs::path root);

    struct File {
        fs::path path; ///< canonical
        Stamp stamp;
    };
    /// `path`: from the folder on. Refused: what is missing, no regular file, or outside.
    Accepted<File> find(std::string const& path);

private:
    bool is_inside(fs::path const& path) const;

    fs::path folder_;
    fs::path root_;
    std::map<fs::path, fs::path> directories_; ///< as written -> canonical; few, and asked often
};

} // namespace continuo::storage
