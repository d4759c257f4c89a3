// From a plan to facts: opens the files of a representation and measures its segments, as far as
// that was not done before.
#pragma once

#include "http/dashlive/asset/facts.hpp"
#include "http/dashlive/asset/index.hpp"
#include "http/dashlive/asset/plan.hpp"
#include "http/storage/crew.hpp"
#include "http/storage/refusal.hpp"
#include "http/storage/stamp.hpp"

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace continuo::dashlive {

namespace fs = std::filesystem;

/// Scans the representations of one asset; used by one thread.
class AssetScan {
public:
    /// `folder`, `root`: canonical. `known`: what was measured before. `duty`: of the thread, which
    /// is told of each file.
    AssetScan(fs::path folder, fs::path root, AssetIndex known, storage::Duty& duty)
        : folder_(std::move(folder))
        , finder_(folder_, std::move(root))
        , known_(std::move(known))
        , duty_(duty) {}

    /// Refused, naming the segment and its file: one that is missing while later ones are there,
    /// what is no segment, and what has another header than its track.
    storage::Accepted<TrackFacts> scan(PlannedTrack plan);

    /// What was measured of the files that are there now; whether that is more, or less, than was
    /// known.
    AssetIndex const& index() const noexcept { return found_; }
    bool has_news() const noexcept { return has_news_ || found_.size() != known_.size(); }

    /// Of all files that were looked at.
    std::map<std::string, storage::Stamp> const& stamps() const noexcept { return stamps_; }

private:
    using File = storage::FileFinder::File;

    storage::Accepted<> read_header(TrackFacts& facts);
    storage::Accepted<std::vector<PlannedPart>> parts_of(PlannedTrack const& plan);
    storage::Accepted<std::vector<PlannedPart>> numbered(PlannedTrack const& plan,
                                                         NumberedSegments const& segments);
    storage::Accepted<SegmentFacts> measure(TrackFacts const& track, PlannedPart const& part);
    bool is_there(std::string const& path);
    storage::Accepted<File> find(PlannedPart const& part);

    fs::path folder_;
    storage::FileFinder finder_;
    AssetIndex known_;
    AssetIndex found_;
    storage::Duty& duty_;
    std::map<std::string, storage::Stamp> stamps_;
    std::string header_stamp_; ///< of the track that is scanned
    bool has_news_{false};
};

} // namespace continuo::dashlive
