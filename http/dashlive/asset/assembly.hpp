// MPDs of one folder and what was measured of their representations -> the asset that is served,
// and the reasons why some of them are not. The last step from a folder to an asset. Pure.
#pragma once

#include "http/dashlive/asset/asset.hpp"
#include "http/dashlive/asset/facts.hpp"
#include "http/dashlive/asset/plan.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace continuo::dashlive {

struct RefusedManifest {
    std::string name;
    std::string reason; ///< "Representation "V300" segment 3 ("V300/3.m4s") is missing, ..."

    friend bool operator==(RefusedManifest const&, RefusedManifest const&) = default;
};

/// What became of a folder's MPDs.
struct Assembled {
    std::shared_ptr<Asset> asset; ///< null where none can be served
    std::vector<RefusedManifest> refused;
    std::vector<std::string> notes; ///< what was repaired, or left out: "Manifest.mpd: ..."
};

/// Takes MPD after MPD, in the order of their names.
class AssetAssembly {
public:
    /// The facts of a representation that an MPD before had, too; null where none had.
    TrackFacts const* find(PlannedTrack const& plan) const;

    void add(PlannedManifest manifest, std::vector<TrackFacts> tracks);
    void refuse(std::string manifest, std::string reason);

    /// The asset of all that fit together: an MPD that has a representation which fits not is
    /// refused, all others are served. `name`, `folder`: of the asset.
    Assembled finish(std::string name, std::filesystem::path folder) &&;

private:
    using Tracks = std::map<std::string, std::shared_ptr<Track const>, std::less<>>;

    struct Entry {
        Manifest manifest;
        std::set<std::string, std::less<>> tracks; ///< their ids
    };
    struct Misfit {
        std::string track, reason;
    };

    TrackFacts const* find_reference() const;
    std::vector<Misfit> fit(TrackFacts const& reference, Tracks& tracks,
                            std::vector<std::string>& notes) const;
    void refuse_all_with(Misfit const& misfit);
    void drop_unused_facts();

    std::vector<Entry> entries_;
    std::map<std::string, TrackFacts, std::less<>> facts_; ///< by the id of the track
    Assembled result_;
};

} // namespace continuo::dashlive
