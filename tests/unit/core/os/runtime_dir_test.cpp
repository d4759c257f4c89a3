#include "core/os/file.hpp"
#include "core/os/runtime_dir.hpp"
#include "tests/support/temporary_directory.hpp"

#include <doctest/doctest.h>

#include <unistd.h>

#include <string>

namespace continuo::os::runtime_dir_test {

/// A directory on tmpfs.
struct Scratch : test::TemporaryDirectory {
    Scratch() : TemporaryDirectory("/dev/shm") {}
};

fs::path const shm = "/dev/shm/continuo-" + std::to_string(::geteuid());

fs::path tree(fs::path const& runtime_dir) {
    return runtime_dir / "tree";
}

TEST_CASE("runtime dir: the owner makes the configured one, and has nothing to say on tmpfs") {
    Scratch const scratch;
    auto const wanted = scratch.path() / "run" / "continuo";
    auto const dir = effective_runtime_dir(wanted);
    REQUIRE(dir.has_value());
    CHECK(dir->path == wanted);
    CHECK(dir->note.empty());
    CHECK(fs::is_directory(wanted));
    CHECK(readers_runtime_dir(wanted, tree) == wanted);
}

TEST_CASE("runtime dir: the reader takes what the owner will make, and makes nothing itself") {
    Scratch const scratch;
    auto const wanted = scratch.path() / "run" / "continuo";
    CHECK(readers_runtime_dir(wanted, tree) == wanted);
    CHECK_FALSE(fs::exists(scratch.path() / "run"));
}

TEST_CASE("runtime dir: where nobody can write, owner and reader meet on /dev/shm") {
    auto const was_there = fs::exists(shm);
    auto const owner = effective_runtime_dir("/proc/continuo");
    REQUIRE(owner.has_value());
    CHECK(owner->path == shm);
    CHECK(owner->note == "\"/proc/continuo\" is not writable; using \"" + shm.string() + "\"");
    CHECK(file_system_of(owner->path)->is_tmpfs);
    if (was_there) return;
    CHECK(readers_runtime_dir("/proc/continuo", tree) == "/proc/continuo"); // an empty leftover
    fs::create_directory(tree(shm));
    CHECK(readers_runtime_dir("/proc/continuo", tree) == shm);
    Scratch const scratch;
    fs::create_directory(tree(scratch.path()));
    CHECK(readers_runtime_dir(scratch.path(), tree) == scratch.path());
    fs::remove_all(shm);
}

TEST_CASE("runtime dir: a reader follows no link on /dev/shm") {
    if (fs::exists(fs::symlink_status(shm))) return;
    Scratch const scratch;
    fs::create_directory(tree(scratch.path()));
    fs::create_directory_symlink(scratch.path(), shm);
    CHECK(readers_runtime_dir("/proc/continuo", tree) == "/proc/continuo");
    CHECK(effective_runtime_dir("/proc/continuo").error().code == Errc::conflict);
    fs::remove(shm);
}

TEST_CASE("runtime dir: a reader that was first looks out for its owner in both places") {
    Scratch const scratch;
    CHECK(other_runtime_dir(scratch.path(), tree) == shm);
    fs::create_directory(tree(scratch.path()));
    CHECK_FALSE(other_runtime_dir(scratch.path(), tree).has_value());
}

TEST_CASE("runtime dir: a file in the way is no directory") {
    Scratch const scratch;
    auto const file = scratch.path() / "file";
    REQUIRE(replace_file(file, "x").has_value());
    auto const was_there = fs::exists(shm);
    CHECK(effective_runtime_dir(file)->path == shm);
    if (!was_there) fs::remove(shm);
}

TEST_CASE("runtime dir: what is not on tmpfs is used, with the mount command as a note") {
    auto const wanted = fs::current_path() / "runtime_dir_test";
    auto const dir = effective_runtime_dir(wanted);
    REQUIRE(dir.has_value());
    CHECK(dir->path == wanted);
    if (file_system_of(wanted)->is_tmpfs)
        CHECK(dir->note.empty());
    else
        CHECK(dir->note == "\"" + wanted.string() +
                               "\" is not on tmpfs, every segment goes to a disk; mount one: mount "
                               "-t tmpfs -o size=2G,mode=0755 tmpfs " +
                               wanted.string());
    fs::remove(wanted);
}

TEST_CASE("state dir: falls back to XDG_STATE_HOME, then to HOME") {
    Scratch const scratch;
    ::setenv("XDG_STATE_HOME", scratch.path().c_str(), 1);
    CHECK(effective_state_dir("/proc/continuo", Access::owner)->path ==
          scratch.path() / "continuo");
    CHECK(fs::is_directory(scratch.path() / "continuo"));
    CHECK(effective_state_dir("/proc/continuo", Access::reader)->path ==
          scratch.path() / "continuo");

    ::setenv("XDG_STATE_HOME", "relative/is/ignored", 1);
    ::setenv("HOME", (scratch.path() / "home").c_str(), 1);
    CHECK(effective_state_dir("/proc/continuo", Access::owner)->path ==
          scratch.path() / "home/.local/state/continuo");

    ::unsetenv("XDG_STATE_HOME");
    ::unsetenv("HOME");
    CHECK(effective_state_dir("/proc/continuo", Access::owner).has_error());
    CHECK(effective_state_dir(scratch.path() / "state", Access::owner)->path ==
          scratch.path() / "state");
}

} // namespace continuo::os::runtime_dir_test
