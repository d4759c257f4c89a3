// One asset's way from its folder to the shelf: on a thread of the crew, with a report at each
// point at which more of it can be served.
#pragma once

#include "http/pseudolive/asset.hpp"
#include "http/pseudolive/draft.hpp"
#include "http/pseudolive/stream.hpp"
#include "http/server/directory_watch.hpp"
#include "http/storage/crew.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace continuo::pseudolive {

struct ReadingOptions {
    fs::path folder; ///< canonical
    fs::path root;   ///< canonical
    fs::path index_file;
    server::Watcher watcher;
    StreamOptions stream; ///< which tells what is listed now
};

struct Report {
    bool is_stream{true};     ///< there are playlists
    AssetPtr asset;           ///< null where it is refused, or no stream
    std::string refusal;      ///< why
    std::size_t segments{};   ///< of all tracks
    std::size_t unmeasured{}; ///< segments that may be longer or shorter than the asset says yet
    std::string trouble;      ///< worth a warning; the asset is none the worse
};

/// Used by one thread at a time.
class Reading {
public:
    explicit Reading(ReadingOptions options) : options_(std::move(options)) {}

    /// Goes on to the next report; nothing where it was stopped. `wall_now` tells which segments
    /// are listed.
    std::optional<Report> next(storage::Duty& duty, WallTime wall_now);
    /// From any thread: `next` returns soon.
    void cancel() noexcept { is_cancelled_.store(true, std::memory_order_relaxed); }
    /// Whether there will be another report.
    bool is_finished() const noexcept { return is_finished_; }
    /// Of the folder and those in it, as far as they could be watched; after the first report.
    std::vector<int> const& watches() const noexcept { return watches_; }

private:
    std::optional<Report> begin(storage::Duty& duty, WallTime wall_now);
    std::optional<Report> refuse(std::string reason);
    std::optional<Report> report();
    bool measure_up_to(std::size_t count, storage::Duty& duty);
    void watch_folders();
    void recall();
    void remember();

    ReadingOptions options_;
    std::optional<Draft> draft_;
    Draft::Plan plan_;
    std::size_t measured_{}; ///< of the plan
    std::string refusal_;
    std::string trouble_;
    std::vector<int> watches_;
    std::atomic<bool> is_cancelled_{false};
    bool is_finished_{false};
};

} // namespace continuo::pseudolive
