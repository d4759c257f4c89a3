#include "http/pseudolive/library.hpp"

#include <algorithm>
#include <utility>

namespace continuo::pseudolive {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

/// An asset that is copied in is looked at when nothing has come for so long ...
constexpr auto quiet_time = 300ms;
/// ... or has come for so long.
constexpr auto longest_unrest = 3s;
constexpr std::size_t most_unclaimed = 10'000;

} // namespace

asio::awaitable<void> Library::follow(Library* own, std::shared_ptr<storage::Mailbox> mailbox) {
    while (mailbox->is_open()) {
        auto const changes = co_await own->directories_.next();
        if (changes.empty() || !mailbox->is_open()) co_return;
        own->note_changes(changes);
    }
}

void Library::note_changes(std::vector<server::DirectoryChange> const& changes) {
    for (auto const& [change, watch, name] : changes) {
        if (change == server::Change::reports_lost) {
            look_again();
            continue;
        }
        auto const whose = watched_.find(watch);
        if (whose == watched_.end()) {
            if (unclaimed_.size() < most_unclaimed) unclaimed_.insert(watch);
            continue;
        }
        note_unrest(whose->second);
        if (change == server::Change::watch_ended) watched_.erase(whose);
    }
}

void Library::note_unrest(fs::path const& folder) {
    auto const now = std::chrono::steady_clock::now();
    auto const [unrest, is_new] = restless_.try_emplace(folder, Unrest{.first = now, .last = now});
    unrest->second.last = now;
    look_when_quiet();
}

void Library::look_when_quiet() {
    if (restless_.empty() || std::exchange(is_waiting_for_quiet_, true)) return;
    after(quiet_, quiet_time, [this] {
        is_waiting_for_quiet_ = false;
        look_at_quiet();
        look_when_quiet();
    });
}

void Library::look_at_quiet() {
    auto const now = std::chrono::steady_clock::now();
    std::vector<fs::path> quiet;
    for (auto const& [path, unrest] : restless_)
        if (now - unrest.last >= quiet_time || now - unrest.first >= longest_unrest)
            quiet.push_back(path);
    for (auto const& path : quiet) {
        restless_.erase(path);
        if (path.empty())
            look_at_root();
        else if (auto const folder = folders_.find(path); folder != folders_.end())
            read(path, folder->second);
    }
}

} // namespace continuo::pseudolive
