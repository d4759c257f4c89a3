#include "http/dashlive/asset/assembly.hpp"

#include "http/dashlive/asset/track.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace continuo::dashlive {
namespace {

using dash::Element;

bool is_named(Element const& element, std::string_view name) {
    return dash::local_name(element.name) == name;
}

/// As the headers have them where the MPD tells less.
template <class Tracks>
void tell_codecs(Element& set, Tracks const& tracks) {
    for (auto& child : set.children) {
        if (!is_named(child, "Representation")) continue;
        auto const& codecs = tracks.find(*child.find_attribute("id"))->second->codecs;
        auto const* told = child.find_attribute("codecs");
        if (!told) told = set.find_attribute("codecs");
        if (!codecs.empty() && (!told || *told != codecs)) child.set_attribute("codecs", codecs);
    }
}

/// Without the representations that are not in `tracks`, and without sets that have no other.
template <class Tracks>
void keep_only(Element& root, Tracks const& tracks) {
    auto* const period = root.find_child("Period");
    for (auto& set : period->children) {
        std::erase_if(set.children, [&](Element const& child) {
            return is_named(child, "Representation") &&
                   !tracks.contains(*child.find_attribute("id"));
        });
        tell_codecs(set, tracks);
    }
    std::erase_if(period->children, [](Element const& child) {
        return is_named(child, "AdaptationSet") && !child.find_child("Representation");
    });
}

bool may_be_left_out(Content content) noexcept {
    return content == Content::text || content == Content::image;
}

} // namespace

TrackFacts const* AssetAssembly::find(PlannedTrack const& plan) const {
    auto const known = facts_.find(plan.id);
    return known != facts_.end() && known->second.plan == plan ? &known->second : nullptr;
}

void AssetAssembly::add(PlannedManifest planned, std::vector<TrackFacts> tracks) {
    Entry entry{.manifest = std::move(planned.manifest), .tracks = {}};
    for (auto const& facts : tracks) {
        auto const& id = facts.plan.id;
        auto const known = facts_.find(id);
        bool const is_same =
            known == facts_.end() || std::ranges::equal(known->second.segments, facts.segments, {},
                                                        &SegmentFacts::part, &SegmentFacts::part);
        if (!entry.tracks.insert(id).second || !is_same) {
            refuse(std::move(entry.manifest.name),
                   fmt::format("Representation \"{}\" {}", id,
                               is_same ? "is there twice"
                                       : "has other segments than in another MPD of the folder"));
            return;
        }
    }
    for (auto& note : planned.notes)
        result_.notes.push_back(fmt::format("{}: {}", entry.manifest.name, note));
    for (auto& facts : tracks) {
        auto id = facts.plan.id;
        facts_.try_emplace(std::move(id), std::move(facts));
    }
    entries_.push_back(std::move(entry));
}

void AssetAssembly::refuse(std::string manifest, std::string reason) {
    result_.refused.push_back({.name = std::move(manifest), .reason = std::move(reason)});
}

/// The first of the pictures by its id, else of the sound.
TrackFacts const* AssetAssembly::find_reference() const {
    for (auto const content : {Content::video, Content::audio})
        for (auto const& [id, facts] : facts_)
            if (facts.plan.content == content) return &facts;
    return nullptr;
}

std::vector<AssetAssembly::Misfit> AssetAssembly::fit(TrackFacts const& reference, Tracks& tracks,
                                                      std::vector<std::string>& notes) const {
    auto const take = [&](std::string const& id, FittedTrack const& fitted) {
        for (auto const& note : fitted.notes)
            notes.push_back(fmt::format("Representation \"{}\": {}", id, note));
        tracks.emplace(id, fitted.track);
    };
    auto const first = reference_track(reference);
    if (!first) return {{.track = reference.plan.id, .reason = first.error().reason}};
    take(reference.plan.id, *first);
    std::vector<Misfit> misfits;
    for (auto const& [id, facts] : facts_) {
        if (&facts == &reference) continue;
        auto const fitted = track_beside(facts, *first->track, reference);
        if (fitted)
            take(id, *fitted);
        else if (may_be_left_out(facts.plan.content))
            notes.push_back(
                fmt::format("Representation \"{}\" is left out: it {}", id, fitted.error().reason));
        else
            misfits.push_back({.track = id, .reason = fitted.error().reason});
    }
    return misfits;
}

void AssetAssembly::refuse_all_with(Misfit const& misfit) {
    for (auto& entry : entries_)
        if (entry.tracks.contains(misfit.track))
            refuse(entry.manifest.name,
                   fmt::format("Representation \"{}\" {}", misfit.track, misfit.reason));
    std::erase_if(entries_, [&](auto const& entry) { return entry.tracks.contains(misfit.track); });
}

void AssetAssembly::drop_unused_facts() {
    std::erase_if(facts_, [&](auto const& known) {
        return std::ranges::none_of(
            entries_, [&](auto const& entry) { return entry.tracks.contains(known.first); });
    });
}

Assembled AssetAssembly::finish(std::string name, std::filesystem::path folder) && {
    Tracks tracks;
    std::vector<std::string> notes;
    TrackFacts const* reference{};
    // An MPD that is refused takes its tracks with it, perhaps the reference of the others.
    for (;;) {
        drop_unused_facts();
        tracks.clear();
        notes.clear();
        reference = find_reference();
        if (!reference) break;
        auto const misfits = fit(*reference, tracks, notes);
        if (misfits.empty()) break;
        for (auto const& misfit : misfits)
            refuse_all_with(misfit);
    }
    std::ranges::move(notes, std::back_inserter(result_.notes));
    if (!reference) {
        for (auto& entry : entries_)
            refuse(std::move(entry.manifest.name), "has neither pictures nor sound");
        return std::move(result_);
    }
    auto asset = std::make_shared<Asset>();
    asset->name = std::move(name);
    asset->folder = std::move(folder);
    asset->reference = tracks.find(reference->plan.id)->second;
    for (auto& entry : entries_) {
        keep_only(entry.manifest.root, tracks);
        auto const file = entry.manifest.name;
        asset->manifests.emplace(file, std::move(entry.manifest));
    }
    asset->tracks = std::move(tracks);
    result_.asset = std::move(asset);
    return std::move(result_);
}

} // namespace continuo::dashlive
