#include "core/contract/layout.hpp"
#include "core/contract/watch.hpp"
#include "http/live/snapshot_watch.hpp"
#include "tests/support/temporary_directory.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <sys/stat.h>

#include <chrono>
#include <exception>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>

using namespace continuo;
using namespace std::chrono_literals;
using continuo::live::SnapshotWatch;

namespace {

std::string const watched_id = "0123456789abcdef0123456789abcdef";
std::string const watched_file = "watch/" + watched_id + ".json";

/// A tree, and what is seen of its changes.
class Tree {
public:
    /// `below`: where the tree is to come, under `directory`.
    explicit Tree(std::string const& below = {}) {
        watch_.emplace(*SnapshotWatch::open(loop_, directory.path() / below));
    }

    SnapshotWatch::Changes scan() { return watch_->scan(); }
    /// What is reported next, within five seconds; nothing at the deadline.
    SnapshotWatch::Changes next() {
        SnapshotWatch::Changes changes;
        boost::asio::co_spawn(loop_, watch_->next(),
                              [&](std::exception_ptr failure, SnapshotWatch::Changes seen) {
                                  if (failure) std::rethrow_exception(failure);
                                  changes = std::move(seen);
                                  loop_.stop();
                              });
        loop_.restart();
        loop_.run_for(5s);
        return changes;
    }
    /// Changes until there is one that `holds` for.
    template <class Holds>
    bool comes(Holds holds) {
        for (;;) {
            auto const changes = next();
            if (changes.empty()) return false;
            if (holds(changes)) return true;
        }
    }

    /// Whether nothing is reported of what has happened; to be asked last.
    bool is_silent() {
        bool reported = false;
        boost::asio::co_spawn(
            loop_, watch_->next(),
            [&](std::exception_ptr, SnapshotWatch::Changes const& /*seen*/) { reported = true; });
        loop_.restart();
        while (loop_.poll() > 0) {
        }
        return !reported;
    }

    test::TemporaryDirectory directory;

private:
    boost::asio::io_context loop_;
    std::optional<SnapshotWatch> watch_;
};

/// As /proc/PID/fdinfo has it; see inotify(7).
bool is_watched(std::filesystem::path const& directory) {
    struct stat facts {};
    if (::stat(directory.c_str(), &facts) != 0) return false;
    auto const number = fmt::format(" ino:{:x} ", facts.st_ino);
    for (auto const& entry : std::filesystem::directory_iterator("/proc/self/fdinfo")) {
        std::ifstream file(entry.path());
        for (std::string line; std::getline(file, line);)
            if (line.starts_with("inotify ") && line.find(number) != std::string::npos) return true;
    }
    return false;
}

} // namespace

TEST_CASE("snapshot watch: channels of files and of sessions are both followed") {
    Tree tree;
    auto const channel = contract::watch_channel(watched_id);
    tree.directory.write("channels/" + channel + "/channel.json", "1");
    tree.directory.write("channels/demo/channel.json", "1");
    tree.directory.write("channels/_other/channel.json", "1");
    CHECK(tree.scan().channels == SnapshotWatch::Names{channel, "demo"});
    tree.directory.write("channels/" + channel + "/next", "2");
    std::filesystem::rename(tree.directory.path() / "channels" / channel / "next",
                            contract::snapshot_file(tree.directory.path(), channel));
    CHECK(tree.comes([&](auto const& changes) { return changes.channels.contains(channel); }));
}

TEST_CASE("snapshot watch: files of sessions are followed, from before there is a directory") {
    Tree tree;
    CHECK(tree.scan().any_session_may_have);
    tree.directory.write(watched_file, "1");
    CHECK(tree.comes([](auto const& changes) {
        return changes.any_session_may_have || changes.sessions.contains(watched_id);
    }));
    CHECK(tree.scan().any_session_may_have);
    tree.directory.write("watch/next", "2"); // no session
    std::filesystem::rename(tree.directory.path() / "watch/next",
                            tree.directory.path() / watched_file);
    CHECK(tree.comes([](auto const& changes) { return changes.sessions.contains(watched_id); }));
    std::filesystem::remove(tree.directory.path() / watched_file);
    CHECK(tree.comes([](auto const& changes) { return changes.sessions.contains(watched_id); }));
    std::filesystem::remove_all(tree.directory.path() / "watch");
    CHECK(tree.comes([](auto const& changes) { return changes.any_session_may_have; }));
    tree.directory.write(watched_file, "3");
    CHECK(tree.comes([](auto const& changes) {
        return changes.any_session_may_have || changes.sessions.contains(watched_id);
    }));
}

TEST_CASE("snapshot watch: strangers' files beside what is awaited are no change") {
    Tree tree("run/continuo");
    tree.directory.write("run/stranger", "1");
    tree.scan();
    tree.directory.write("run/another", "1");
    std::filesystem::remove(tree.directory.path() / "run/stranger");
    CHECK(tree.is_silent());
}

TEST_CASE("snapshot watch: what is above the tree is watched only until it comes") {
    Tree tree("run/continuo");
    tree.directory.write("run/stranger", "1");
    tree.scan();
    CHECK(is_watched(tree.directory.path() / "run"));
    CHECK_FALSE(is_watched(tree.directory.path()));
    tree.directory.write("run/continuo/channels/demo/channel.json", "1");
    CHECK(tree.comes([](auto const& changes) { return changes.channels.contains("demo"); }));
    CHECK(is_watched(tree.directory.path() / "run/continuo/channels/demo"));
    CHECK_FALSE(is_watched(tree.directory.path() / "run"));
    std::filesystem::remove_all(tree.directory.path() / "run/continuo");
    CHECK(tree.comes([](auto const& changes) { return changes.channels.contains("demo"); }));
    tree.directory.write("run/continuo/channels/demo/channel.json", "2");
    CHECK(tree.comes([](auto const& changes) { return changes.channels.contains("demo"); }));
}
