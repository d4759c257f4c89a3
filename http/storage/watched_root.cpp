#include "http/storage/watched_root.hpp"

#include <boost/asio/co_spawn.hpp>
#include <spdlog/spdlog.h>

#include <exception>
#include <utility>

namespace continuo::storage {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

constexpr auto root_retry = 5s;
/// What is copied in is looked at when nothing has come for so long ...
constexpr auto quiet_time = 300ms;
/// ... or has come for so long.
constexpr auto longest_unrest = 3s;
constexpr std::size_t most_unclaimed = 10'000;

/// The folders of `root`, hidden ones left out.
WatchedRoot::Entries folders_in(fs::path const& root, Duty& duty) {
    WatchedRoot::Entries folders;
    std::error_code code;
    for (fs::directory_iterator entry(root, code), end; !code && entry != end;
         entry.increment(code)) {
        duty.go_on();
        auto name = entry->path().filename().string();
        std::error_code none;
        if (name.starts_with('.') || !entry->is_directory(none)) continue;
        if (auto path = fs::canonical(entry->path(), none); !none)
            folders.emplace(std::move(name), std::move(path));
    }
    return folders;
}

} // namespace

WatchedRoot::WatchedRoot(asio::io_context& loop, server::DirectoryWatch directories, Crew& crew,
                         Options options)
    : mailbox_(std::make_shared<Mailbox>(loop))
    , directories_(std::move(directories))
    , crew_(crew)
    , options_(std::move(options))
    , quiet_(loop)
    , root_retry_(loop)
    , supervision_(loop) {
    asio::co_spawn(loop, follow(this, mailbox_), [](std::exception_ptr failure) {
        if (failure) std::rethrow_exception(failure);
    });
}

WatchedRoot::~WatchedRoot() {
    mailbox_->close();
}

asio::awaitable<void> WatchedRoot::follow(WatchedRoot* own, std::shared_ptr<Mailbox> mailbox) {
    while (mailbox->is_open()) {
        auto const changes = co_await own->directories_.next();
        if (changes.empty() || !mailbox->is_open()) co_return;
        own->note_changes(changes);
    }
}

void WatchedRoot::note_changes(std::vector<server::DirectoryChange> const& changes) {
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

void WatchedRoot::note_unrest(fs::path const& folder) {
    auto const now = std::chrono::steady_clock::now();
    auto const [unrest, is_new] = restless_.try_emplace(folder, Unrest{.first = now, .last = now});
    unrest->second.last = now;
    look_when_quiet();
}

void WatchedRoot::look_when_quiet() {
    if (restless_.empty() || std::exchange(is_waiting_for_quiet_, true)) return;
    after(quiet_, quiet_time, [this] {
        is_waiting_for_quiet_ = false;
        look_at_quiet();
        look_when_quiet();
    });
}

void WatchedRoot::look_at_quiet() {
    auto const now = std::chrono::steady_clock::now();
    std::vector<fs::path> quiet;
    for (auto const& [path, unrest] : restless_)
        if (now - unrest.last >= quiet_time || now - unrest.first >= longest_unrest)
            quiet.push_back(path);
    for (auto const& path : quiet) {
        restless_.erase(path);
        if (path.empty())
            look_at_root();
        else if (folders_.contains(path))
            options_.on_change(path);
    }
}

void WatchedRoot::look_again() {
    note_unrest({});
    for (auto const& folder : folders_)
        note_unrest(folder);
}

void WatchedRoot::look_at_root() {
    auto look = [configured = options_.root, watcher = watcher()](Duty& duty) {
        Look seen;
        std::error_code code;
        auto root = fs::canonical(configured, code);
        if (code) return seen;
        auto const number = watcher.watch(root, server::Interest::entries);
        if (!number) return seen;
        seen.watch = *number;
        seen.entries = folders_in(root, duty);
        seen.root = std::move(root);
        return seen;
    };
    give_out(Urgency::wanted, {}, std::move(look),
             [this](Look seen) { take_look(std::move(seen)); });
}

void WatchedRoot::take_look(Look look) {
    bool const was_readable = std::exchange(is_readable_, look.watch.has_value());
    if (look.watch) {
        claim({*look.watch}, {});
    } else {
        if (was_readable)
            spdlog::error("{} \"{}\" can't be read: nothing is served from it", options_.key,
                          options_.root.string());
        after(root_retry_, root_retry, [this] { look_at_root(); });
    }
    folders_.clear();
    for (auto const& [name, path] : look.entries)
        folders_.insert(path);
    options_.on_entries(std::move(look.root), std::move(look.entries));
}

void WatchedRoot::claim(std::vector<int> const& watches, fs::path const& folder) {
    bool changed = false;
    for (auto const watch : watches) {
        watched_[watch] = folder;
        changed |= unclaimed_.erase(watch) > 0;
    }
    if (changed) note_unrest(folder);
}

/// As long as there is something to do.
void WatchedRoot::watch_over_crew() {
    if (std::exchange(is_supervising_, true)) return;
    after(supervision_, 1s, [this] {
        is_supervising_ = false;
        crew_.replace_stuck();
        if (given_out_ > 0) watch_over_crew();
    });
}

} // namespace continuo::storage
