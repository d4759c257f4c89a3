// The kernel's reports of what happened in watched directories, decoded. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace continuo::server {

enum class Change : std::uint8_t {
    appeared,     ///< created, put in place by rename, or written to its end
    disappeared,  ///< deleted, or moved away
    watch_ended,  ///< the directory itself is gone
    reports_lost, ///< the kernel's queue overflowed: look at everything again
};

struct DirectoryChange {
    Change change{};
    int watch{};      ///< as the kernel numbered it; -1 for `reports_lost`
    std::string name; ///< of the entry; empty when the directory itself is meant

    friend bool operator==(DirectoryChange const&, DirectoryChange const&) = default;
};

/// What one read of the kernel's queue brought; an incomplete record at the end is left out. See
/// inotify(7).
std::vector<DirectoryChange> decode_changes(std::span<std::byte const> records);

} // namespace continuo::server
