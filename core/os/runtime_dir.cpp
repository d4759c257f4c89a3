#include "core/os/runtime_dir.hpp"

#include "core/os/file.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <string_view>
#include <system_error>

namespace continuo::os {
namespace {

bool can_write_in(fs::path const& directory) {
    return ::access(directory.c_str(), W_OK | X_OK) == 0;
}

bool is_folder(fs::path const& path) {
    std::error_code ignored;
    return fs::is_directory(path, ignored);
}

Result<> make_private(fs::path const& path) {
    if (::mkdir(path.c_str(), 0755) == 0) return {};
    if (errno != EEXIST) return fail_errno("make the directory \"" + path.string() + "\"");
    if (!is_our_folder(path))
        return fail(Errc::conflict, "\"" + path.string() + "\" belongs to somebody else");
    return {};
}

std::string fallback_note(fs::path const& configured, fs::path const& fallback) {
    return "\"" + configured.string() + "\" is not writable; using \"" + fallback.string() + "\"";
}

/// Whether an owner with the same rights would take it.
bool owner_takes_fallback(fs::path const& configured, fs::path const& fallback) {
    if (is_folder(configured)) return !can_write_in(configured) && is_folder(fallback);
    return is_folder(fallback) || !can_write_in(nearest_folder(configured));
}

bool owner_has(fs::path const& directory) {
    return make_directories(directory).has_value() && can_write_in(directory);
}

fs::path runtime_fallback() {
    return "/dev/shm/continuo-" + std::to_string(::geteuid());
}

fs::path state_fallback() {
    auto const variable = [](char const* name) {
        auto const* const value = std::getenv(name);
        return std::string_view(value != nullptr ? value : "");
    };
    if (auto const state = variable("XDG_STATE_HOME"); state.starts_with('/'))
        return fs::path(state) / "continuo";
    if (auto const home = variable("HOME"); home.starts_with('/'))
        return fs::path(home) / ".local/state/continuo";
    return {};
}

} // namespace

bool is_our_folder(fs::path const& path) {
    struct stat facts {};
    return ::lstat(path.c_str(), &facts) == 0 && S_ISDIR(facts.st_mode) &&
           facts.st_uid == ::geteuid();
}

fs::path nearest_folder(fs::path path) {
    while (!is_folder(path)) {
        if (!path.has_relative_path()) return path;
        path = path.parent_path();
        if (path.empty()) path = ".";
    }
    return path;
}

Result<EffectiveDir> effective_runtime_dir(fs::path const& configured) {
    auto const fallback = runtime_fallback();
    if (owner_has(configured)) return EffectiveDir{configured, tmpfs_note(configured)};
    if (auto const made = make_private(fallback); !made) return made.error();
    return EffectiveDir{fallback, fallback_note(configured, fallback)};
}

fs::path readers_runtime_dir(fs::path const& configured, TreeIn tree) {
    auto const other = other_runtime_dir(configured, tree);
    return other && is_our_folder(*other) && is_our_folder(tree(*other)) ? *other : configured;
}

std::optional<fs::path> other_runtime_dir(fs::path const& configured, TreeIn tree) {
    return is_our_folder(tree(configured)) ? std::nullopt : std::optional(runtime_fallback());
}

std::string tmpfs_note(fs::path const& directory) {
    auto const facts = file_system_of(nearest_folder(directory));
    if (!facts || facts->is_tmpfs) return {};
    auto const name = directory.string();
    return "\"" + name +
           "\" is not on tmpfs, every segment goes to a disk; mount one: mount -t tmpfs -o "
           "size=2G,mode=0755 tmpfs " +
           name;
}

Result<EffectiveDir> effective_state_dir(fs::path const& configured, Access access) {
    auto const fallback = state_fallback();
    if (access == Access::reader)
        return EffectiveDir{
            !fallback.empty() && owner_takes_fallback(configured, fallback) ? fallback : configured,
            {}};
    if (owner_has(configured)) return EffectiveDir{configured, {}};
    if (fallback.empty())
        return fail(Errc::unavailable,
                    "\"" + configured.string() + "\" is not writable, and HOME is not set");
    if (auto const made = make_directories(fallback); !made) return made.error();
    return EffectiveDir{fallback, fallback_note(configured, fallback)};
}

} // namespace continuo::os
