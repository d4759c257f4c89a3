#include "http/pseudolive/linear.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

namespace continuo::pseudolive {
namespace {

using hls::Rendition;
using hls::VariantStream;

std::size_t track_named(Asset const& asset, std::string_view id) {
    return static_cast<std::size_t>(std::ranges::find(asset.tracks, id, &Track::id) -
                                    asset.tracks.begin());
}

bool is_played(Rendition const& rendition, std::string_view type) {
    return rendition.uri && rendition.type == type;
}

bool has_sound_beside(Asset const& asset) {
    return std::ranges::any_of(asset.master.renditions,
                               [](auto const& rendition) { return is_played(rendition, "AUDIO"); });
}

bool needs_map(Track const& track) {
    return std::ranges::any_of(track.segments,
                               [](auto const& segment) { return segment.map.has_value(); });
}

/// How far one bandwidth is from another, as viewers see it: twice is as far as half.
double distance(VariantStream const& one, VariantStream const& other) {
    return std::abs(std::log(static_cast<double>(one.bandwidth_bps + 1)) -
                    std::log(static_cast<double>(other.bandwidth_bps + 1)));
}

VariantStream const& nearest_variant(Asset const& asset, VariantStream const& wanted) {
    return *std::ranges::min_element(
        asset.master.variants, {}, [&](auto const& variant) { return distance(variant, wanted); });
}

/// The rendition of the same kind that comes nearest; null where there is none of that kind.
Rendition const* nearest_rendition(Asset const& asset, Rendition const& wanted) {
    Rendition const* best = nullptr;
    int best_rank = -1;
    for (auto const& rendition : asset.master.renditions) {
        if (!is_played(rendition, wanted.type)) continue;
        int const rank =
            2 * (rendition.language == wanted.language) + (rendition.name == wanted.name);
        if (rank > best_rank) best = &rendition;
        best_rank = std::max(rank, best_rank);
    }
    return best;
}

/// What holds for one asset need not for the next.
void keep_common(hls::FurtherAttributes& attributes, hls::FurtherAttributes const& other) {
    std::erase_if(attributes, [&](auto const& attribute) {
        return std::ranges::find(other, attribute) == other.end();
    });
}

class Assignment {
public:
    explicit Assignment(std::vector<ScheduledAsset> const& schedule) : schedule_(schedule) {
        for (auto const& [name, asset, times] : schedule_)
            linear_.items.push_back({.asset = asset, .times = times, .tracks = {}});
    }

    storage::Accepted<Linear> assign() {
        auto const& first = schedule_.front();
        linear_.face.master = first.asset->master;
        for (auto const& other : schedule_)
            if (has_sound_beside(*other.asset) != has_sound_beside(*first.asset))
                return storage::refused(fmt::format(
                    "the sound of \"{}\" is {} its variants, that of \"{}\" is not", first.name,
                    has_sound_beside(*first.asset) ? "beside" : "in", other.name));
        assign_variants();
        assign_renditions();
        if (auto const clash = map_clash()) return storage::refused(*clash);
        return std::move(linear_);
    }

private:
    void assign_variants() {
        for (auto& variant : linear_.face.master.variants) {
            if (has_track(variant.uri)) continue;
            bool const is_reference = linear_.face.ids.empty();
            linear_.face.ids.push_back(variant.uri);
            auto const wanted = variant;
            for (std::size_t i = 0; i < schedule_.size(); ++i) {
                auto const& asset = *schedule_[i].asset;
                // The asset's first variant says where its others are.
                auto const& own = is_reference ? asset.master.variants.front()
                                  : i == 0     ? wanted
                                               : nearest_variant(asset, wanted);
                linear_.items[i].tracks.push_back(track_named(asset, own.uri));
                variant.bandwidth_bps = std::max(variant.bandwidth_bps, own.bandwidth_bps);
                keep_common(variant.further, own.further);
            }
            if (schedule_.size() > 1) variant.average_bandwidth_bps = 0;
        }
    }

    void assign_renditions() {
        auto& master = linear_.face.master;
        std::vector<Rendition> kept;
        for (auto& rendition : master.renditions) {
            if (rendition.uri && !has_track(*rendition.uri) && !assign_rendition(rendition))
                continue;
            kept.push_back(rendition);
        }
        master.renditions = std::move(kept);
        for (auto& variant : master.variants)
            if (!variant.subtitles.empty() && !has_group("SUBTITLES", variant.subtitles))
                variant.subtitles.clear();
    }

    /// False where an asset has nothing of its kind.
    bool assign_rendition(Rendition& rendition) {
        std::vector<std::size_t> tracks;
        for (auto const& [name, asset, times] : schedule_) {
            auto const* const own = nearest_rendition(*asset, rendition);
            if (!own) return false;
            tracks.push_back(track_named(*asset, *own->uri));
            if (asset != schedule_.front().asset) keep_common(rendition.further, own->further);
        }
        for (std::size_t i = 0; i < tracks.size(); ++i)
            linear_.items[i].tracks.push_back(tracks[i]);
        linear_.items.front().tracks.back() = track_named(*schedule_.front().asset, *rendition.uri);
        linear_.face.ids.push_back(*rendition.uri);
        return true;
    }

    bool has_track(std::string_view id) const {
        return std::ranges::find(linear_.face.ids, id) != linear_.face.ids.end();
    }
    bool has_group(std::string_view type, std::string_view group) const {
        return std::ranges::any_of(linear_.face.master.renditions, [&](auto const& rendition) {
            return rendition.type == type && rendition.group_id == group;
        });
    }

    std::optional<std::string> map_clash() const {
        for (std::size_t track = 0; track < linear_.face.ids.size(); ++track)
            for (std::size_t i = 1; i < schedule_.size(); ++i) {
                auto const with_map = [&](std::size_t item) {
                    auto const& entry = linear_.items[item];
                    return needs_map(entry.asset->tracks[entry.tracks[track]]);
                };
                if (with_map(i) != with_map(0))
                    return fmt::format("\"{}\" is fragmented MP4, \"{}\" is not: no list can "
                                       "have both",
                                       schedule_[with_map(0) ? 0 : i].name,
                                       schedule_[with_map(0) ? i : 0].name);
            }
        return std::nullopt;
    }

    std::vector<ScheduledAsset> const& schedule_;
    Linear linear_;
};

} // namespace

Face face_of(Asset const& asset) {
    Face face{.master = asset.master, .ids = {}};
    for (auto const& track : asset.tracks)
        face.ids.push_back(track.id);
    return face;
}

storage::Accepted<Linear> linear(std::vector<ScheduledAsset> const& schedule) {
    return Assignment(schedule).assign();
}

} // namespace continuo::pseudolive
