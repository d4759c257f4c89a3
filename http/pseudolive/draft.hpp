// An asset while it is read: its playlists, the files that they name, and what is known of their
// durations so far. Blocks on files: not for a thread that serves.
#pragma once

#include "http/pseudolive/assembly.hpp"
#include "http/pseudolive/input.hpp"
#include "http/pseudolive/measurements.hpp"
#include "http/pseudolive/meter.hpp"
#include "http/storage/refusal.hpp"
#include "http/storage/stamp.hpp"

#include <cstddef>
#include <filesystem>
#include <optional>
#include <vector>

namespace continuo::pseudolive {

/// Which segments a list has that is asked for now.
struct Shown {
    Ticks90k since_start{}; ///< of the era, hold-back taken off
    unsigned window{10};    ///< segments
};

class Draft {
public:
    /// Nothing for a folder without playlists. `folder`, `root`: canonical.
    static storage::Accepted<std::optional<Draft>> read(fs::path const& folder,
                                                        fs::path const& root);

    /// Takes over what was measured of files that are still the same.
    void recall(Measurements const& known);
    Measurements measurements() const;

    /// A segment that has to be measured.
    struct Place {
        std::size_t track{};
        std::size_t segment{};
    };
    /// What is left to measure, in the order in which it is needed: first what is listed now, then
    /// the reference, which says where everything is, then the rest, what is listed next first.
    struct Plan {
        std::vector<Place> places;
        std::size_t listed{};    ///< how many of them are of the first kind
        std::size_t reference{}; ///< and how many of the first and second
    };
    storage::Accepted<Plan> plan(Shown const& shown) const;

    storage::Accepted<> measure(Place const& place);

    /// Whether what was measured of the reference bears out its EXTINF, so that these can stand for
    /// what was not.
    bool agrees() const noexcept;
    std::size_t size() const noexcept;       ///< segments of all tracks
    std::size_t unmeasured() const noexcept; ///< that can be measured

    storage::Accepted<AssetPtr> assembled() const { return pseudolive::assembled(input_, facts_); }

private:
    Draft(Input input, fs::path const& folder, fs::path const& root);
    storage::Accepted<> find_files();
    bool is_measurable(Place const& place) const noexcept;

    /// Where a segment and its map really are.
    struct Found {
        Part part;
        std::optional<Part> map;
        std::string stamp;
    };

    Input input_;
    storage::FileFinder finder_;
    std::vector<std::vector<Found>> found_; ///< of each track, of each segment
    std::vector<TrackFacts> facts_;
    Meter meter_;
};

} // namespace continuo::pseudolive
