// Which directories we really work in: what the file names, or a place of our own where that is not
// to be had.
#pragma once

#include "core/base/result.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace continuo::os {

namespace fs = std::filesystem;

enum class Access : std::uint8_t {
    owner,  ///< the daemon: makes the directory, and needs to write in it
    reader, ///< http and command line: finds the one that a daemon of the same machine and file
            ///< works in; makes nothing
};

struct EffectiveDir {
    fs::path path;
    std::string note; ///< a warning worth a line in the log; empty when all is as it should be
};

/// For the owner, which makes it: `configured`, or /dev/shm/continuo-UID where it can't be written.
/// The note says so, or that the result is not on tmpfs and how to mount one.
/// Errors: errno, or `Errc::conflict` when the place on /dev/shm is somebody else's.
Result<EffectiveDir> effective_runtime_dir(fs::path const& configured);

/// What an owner makes in its directory; a leftover directory has none.
using TreeIn = fs::path (*)(fs::path const& runtime_dir);

/// For a reader, which may come before the owner and so asks each time: /dev/shm/continuo-UID if
/// our tree is there and not in `configured`, which else is the answer. What a reader may write
/// tells nothing: a sandbox forbids it what its owner may do.
fs::path readers_runtime_dir(fs::path const& configured, TreeIn tree);
/// Where the tree may come beside `configured`; nothing once ours is there.
std::optional<fs::path> other_runtime_dir(fs::path const& configured, TreeIn tree);

/// A directory that we own, and no link to one: /dev/shm is everybody's.
bool is_our_folder(fs::path const& path);

/// `path` itself, or the nearest directory above it that is there.
fs::path nearest_folder(fs::path path);

/// The warning for a directory that is not on tmpfs, with the mount command; empty for one that is.
/// A directory that is not there yet is judged by the nearest above it.
std::string tmpfs_note(fs::path const& directory);

/// `configured`, or $XDG_STATE_HOME/continuo, or ~/.local/state/continuo where it can't be written.
/// A reader, which has files of its own there, takes what an owner with its rights would.
Result<EffectiveDir> effective_state_dir(fs::path const& configured, Access access);

} // namespace continuo::os
