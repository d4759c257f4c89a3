#include "http/storage/stamp.hpp"

#include <fmt/format.h>

#include <sys/stat.h>

#include <algorithm>
#include <utility>

namespace continuo::storage {

bool is_below(fs::path const& path, fs::path const& folder) {
    auto const [end, rest] = std::ranges::mismatch(folder, path);
    return end == folder.end();
}

std::string to_text(Stamp const& stamp) {
    return fmt::format("{}-{}", stamp.size_bytes, stamp.modified_ns);
}

FileFinder::FileFinder(fs::path folder, fs::path root)
    : folder_(std::move(folder)), root_(std::move(root)) {}

Accepted<FileFinder::File> FileFinder::find(std::string const& path) {
    auto const wanted = folder_ / path;
    std::error_code code;
    auto [directory, is_new] = directories_.try_emplace(wanted.parent_path());
    if (is_new) directory->second = fs::canonical(directory->first, code);
    if (directory->second.empty()) return refused("is missing");

    auto found = directory->second / wanted.filename();
    struct stat facts {};
    if (::lstat(found.c_str(), &facts) != 0) return refused("is missing");
    if (S_ISLNK(facts.st_mode)) {
        found = fs::canonical(found, code);
        if (code || ::lstat(found.c_str(), &facts) != 0) return refused("is a dangling link");
    }
    if (!is_inside(found)) return refused("lies outside of the asset's folder");
    if (!S_ISREG(facts.st_mode)) return refused("is no file");
    return File{.path = std::move(found),
                .stamp = {.size_bytes = static_cast<std::uint64_t>(facts.st_size),
                          .modified_ns = std::int64_t{facts.st_mtim.tv_sec} * 1'000'000'000 +
                                         facts.st_mtim.tv_nsec}};
}

bool FileFinder::is_inside(fs::path const& path) const {
    return is_below(path, folder_) || is_below(path, root_);
}

} // namespace continuo::storage
