#include "http/pseudolive/library.hpp"

#include "http/pseudolive/state_files.hpp"
#include "http/storage/clock.hpp"

#include <boost/asio/co_spawn.hpp>
#include <spdlog/spdlog.h>

#include <exception>
#include <utility>

namespace continuo::pseudolive {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

constexpr auto root_retry = 5s;

/// The folders of `root`, hidden ones left out.
std::map<std::string, fs::path> folders_in(fs::path const& root, storage::Duty& duty) {
    std::map<std::string, fs::path> folders;
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

Library::Library(asio::io_context& loop, server::DirectoryWatch directories, storage::Crew& crew,
                 Options options)
    : mailbox_(std::make_shared<storage::Mailbox>(loop))
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

Library::~Library() {
    mailbox_->close();
    for (auto const& [path, folder] : folders_)
        if (folder.reading) folder.reading->cancel();
}

void Library::begin() {
    look_at_root();
}

void Library::look_again() {
    note_unrest({});
    for (auto const& [path, folder] : folders_)
        note_unrest(path);
}

Library::Found Library::find(std::string const& name) const {
    auto const entry = entries_.find(name);
    if (entry == entries_.end()) return {};
    auto const folder = folders_.find(entry->second);
    return {.path = entry->second, .folder = folder == folders_.end() ? nullptr : &folder->second};
}

void Library::look_at_root() {
    crew_.add(storage::Urgency::wanted, {},
              [mailbox = mailbox_, configured = options_.root, watcher = directories_.watcher(),
               this](storage::Duty& duty) {
                  std::error_code code;
                  auto root = fs::canonical(configured, code);
                  Entries entries;
                  std::optional<int> watch;
                  if (!code) {
                      if (auto const number = watcher.watch(root, server::Interest::entries))
                          watch = *number;
                      entries = folders_in(root, duty);
                  }
                  mailbox->post([this, root = std::move(root), entries = std::move(entries),
                                 watch] { take_entries(root, entries, watch); });
              });
}

void Library::take_entries(fs::path root, Entries entries, std::optional<int> watch) {
    if (!watch) {
        if (!is_complete_ || !root_.empty())
            spdlog::error("pseudolive.root \"{}\" can't be read: nothing is served from it",
                          options_.root.string());
        after(root_retry_, root_retry, [this] { look_at_root(); });
    } else {
        claim({*watch}, {});
    }
    Names changed;
    for (auto const& [name, path] : entries_) {
        auto const still = entries.find(name);
        if (still != entries.end() && still->second == path) continue;
        changed.insert(name);
        auto const folder = folders_.find(path);
        folder->second.names.erase(name);
        if (!folder->second.names.empty()) continue;
        if (folder->second.reading) folder->second.reading->cancel();
        folders_.erase(folder);
    }
    for (auto const& [name, path] : entries) {
        auto& folder = folders_[path];
        if (folder.names.insert(name).second) changed.insert(name);
        if (folder.generation == 0 && !folder.reading) read(path, folder);
    }
    bool const was_complete = std::exchange(is_complete_, true);
    root_ = watch ? std::move(root) : fs::path();
    entries_ = std::move(entries);
    if (!changed.empty()) options_.on_change(changed);
    if (!was_complete) options_.on_complete();
}

void Library::read(fs::path const& path, Folder& folder) {
    if (folder.reading) folder.reading->cancel();
    auto const& name = *folder.names.begin();
    folder.reading = std::make_shared<Reading>(
        ReadingOptions{.folder = path,
                       .root = root_,
                       .index_file = options_.index_folder / state_file_name(name),
                       .watcher = directories_.watcher(),
                       .stream = options_.stream_options(name)});
    ++being_read_;
    give_out(storage::Urgency::needed, path, name, folder.reading);
    watch_over_crew();
}

void Library::give_out(storage::Urgency urgency, fs::path const& path, std::string const& name,
                       std::shared_ptr<Reading> const& reading) {
    crew_.add(urgency, name, [this, mailbox = mailbox_, path, reading](storage::Duty& duty) {
        auto report = reading->next(duty, storage::wall_now());
        mailbox->post([this, path, reading, report = std::move(report)] {
            if (report)
                take_report(path, reading, *report);
            else
                --being_read_; // cancelled
        });
    });
}

void Library::take_report(fs::path const& path, std::shared_ptr<Reading> const& reading,
                          Report report) {
    claim(reading->watches(), path);
    bool const is_finished = reading->is_finished();
    if (is_finished) --being_read_;
    auto const found = folders_.find(path);
    if (found == folders_.end() || found->second.reading != reading) { // another one reads it
        if (!is_finished) --being_read_;
        return;
    }
    auto& folder = found->second;
    if (!report.trouble.empty())
        spdlog::warn("stream \"{}\": {}", *folder.names.begin(), report.trouble);
    if (report.asset) report.asset = shared_with_equals(std::move(report.asset));
    folder.report = std::move(report);
    ++folder.generation;
    if (is_finished)
        folder.reading.reset();
    else
        give_out(storage::Urgency::someday, path, *folder.names.begin(), reading);
    options_.on_change(folder.names);
}

/// The same asset under many names, or copied into many folders, is one in memory.
AssetPtr Library::shared_with_equals(AssetPtr asset) {
    auto& known = equals_[asset->fingerprint];
    if (auto const other = known.lock(); other && *other == *asset) return other;
    known = asset;
    return asset;
}

void Library::claim(std::vector<int> const& watches, fs::path const& path) {
    bool changed = false;
    for (auto const watch : watches) {
        watched_[watch] = path;
        changed |= unclaimed_.erase(watch) > 0;
    }
    if (changed) note_unrest(path);
}

/// Threads that are stuck are replaced as long as there is something to read.
void Library::watch_over_crew() {
    if (std::exchange(is_supervising_, true)) return;
    after(supervision_, 1s, [this] {
        is_supervising_ = false;
        crew_.replace_stuck();
        if (being_read_ > 0) watch_over_crew();
    });
}

} // namespace continuo::pseudolive
