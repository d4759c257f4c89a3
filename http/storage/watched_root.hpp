// A folder whose folders are served: which there are, and which of them changed inside. What is
// made of them is up to the feature; here is how it learns, without ever waiting for storage.
#pragma once

#include "http/server/directory_watch.hpp"
#include "http/storage/crew.hpp"
#include "http/storage/mailbox.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace continuo::storage {

namespace fs = std::filesystem;

/// Owned by a feature's library, on the main loop; blocks on nothing: the crew looks.
class WatchedRoot {
public:
    using Entries = std::map<std::string, fs::path>; ///< name -> canonical folder

    struct Options {
        fs::path root;   ///< as configured; need not be there yet
        std::string key; ///< of the configuration: "pseudolive.root"
        /// The root was looked at: canonical, empty where it can't be read. Hidden folders are left
        /// out.
        std::function<void(fs::path root, Entries entries)> on_entries;
        /// Something in one of these folders has changed, and has been quiet since, or was restless
        /// for too long.
        std::function<void(fs::path const& folder)> on_change;
    };

    /// `crew` outlives it.
    WatchedRoot(boost::asio::io_context& loop, server::DirectoryWatch directories, Crew& crew,
                Options options);
    ~WatchedRoot();
    WatchedRoot(WatchedRoot&&) = delete;

    void begin() { look_at_root(); }
    /// At everything, for changes that nobody told.
    void look_again();

    /// By which whoever reads a folder watches it, before reading it.
    server::Watcher watcher() { return directories_.watcher(); }
    /// Changes with these numbers are changes in `folder`: one of the entries, canonical.
    void claim(std::vector<int> const& watches, fs::path const& folder);

    /// Has `work(Duty&)` done by the crew, and calls `take` with its result on the loop, as long as
    /// this is here. Where threads get stuck meanwhile, others take their place.
    template <class Work, class Take>
    void give_out(Urgency urgency, std::string name, Work work, Take take) {
        ++given_out_;
        crew_.add(urgency, std::move(name),
                  [this, mailbox = mailbox_, work = std::move(work),
                   take = std::move(take)](Duty& duty) mutable {
                      auto result = work(duty);
                      mailbox->post(
                          [this, take = std::move(take), result = std::move(result)]() mutable {
                              --given_out_;
                              take(std::move(result));
                          });
                  });
        watch_over_crew();
    }

private:
    using SteadyTime = std::chrono::steady_clock::time_point;

    /// Changes that were not looked at yet: it is waited until they are over.
    struct Unrest {
        SteadyTime first, last;
    };
    struct Look {
        fs::path root; ///< empty where it can't be read
        Entries entries;
        std::optional<int> watch;
    };

    static boost::asio::awaitable<void> follow(WatchedRoot* own, std::shared_ptr<Mailbox> mailbox);
    void note_changes(std::vector<server::DirectoryChange> const& changes);
    void note_unrest(fs::path const& folder);
    void look_when_quiet();
    void look_at_quiet();
    void look_at_root();
    void take_look(Look look);
    void watch_over_crew();

    template <class Action>
    void after(boost::asio::steady_timer& timer, std::chrono::milliseconds delay, Action action) {
        timer.expires_after(delay);
        timer.async_wait([mailbox = mailbox_, action](boost::system::error_code code) {
            if (!code && mailbox->is_open()) action();
        });
    }

    std::shared_ptr<Mailbox> mailbox_;
    server::DirectoryWatch directories_;
    Crew& crew_;
    Options options_;
    boost::asio::steady_timer quiet_, root_retry_, supervision_;
    bool is_waiting_for_quiet_{false};
    bool is_supervising_{false};
    bool is_readable_{true}; ///< as far as was told
    std::size_t given_out_{0};

    std::set<fs::path> folders_;          ///< the entries'
    std::map<fs::path, Unrest> restless_; ///< an empty path is the root
    std::map<int, fs::path> watched_;     ///< whose watch it is
    std::set<int> unclaimed_;             ///< changed before we knew whose they are
};

} // namespace continuo::storage
