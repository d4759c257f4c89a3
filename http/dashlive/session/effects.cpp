#include "http/dashlive/session/effects.hpp"

#include "http/dashlive/session/set_ids.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string>
#include <utility>

namespace continuo::dashlive {
namespace {

Refusal without_effect(std::string detail) {
    return {.status = 400, .detail = std::move(detail)};
}

/// Errors: 400 for a set that no MPD of the asset has.
Answer<> check_sets(Session const& session) {
    if (session.options->sub_segments.empty()) return {};
    std::set<std::string> ids;
    for (auto const& [file, manifest] : session.asset->manifests)
        for (auto& set : named_sets(manifest))
            ids.insert(std::move(set.id));
    for (auto const& parts : session.options->sub_segments)
        for (auto const number : {parts.adaptation_set, parts.partner})
            if (std::ranges::none_of(ids, [&](auto const& id) { return is_called(id, number); }))
                return without_effect(fmt::format("ssras_: there is no AdaptationSet {}, but {}",
                                                  number, fmt::join(ids, ", ")));
    return {};
}

/// Errors: 400 for a fault of a Representation that there is not. What subtitles that we make up
/// are called is not looked at.
Answer<> check_faults(Session const& session) {
    auto const& options = *session.options;
    if (!options.stpp_languages.empty() || !options.wvtt_languages.empty()) return {};
    for (auto const& fault : options.status_faults)
        if (std::ranges::none_of(session.asset->tracks, [&](auto const& track) {
                return track.first.find(fault.representation) != std::string::npos;
            }))
            return without_effect(fmt::format("statuscode_: no Representation has \"{}\" in its id",
                                              fault.representation));
    return {};
}

} // namespace

Answer<> check_effects(Session const& session) {
    if (auto const sets = check_sets(session); !sets) return sets;
    return check_faults(session);
}

Answer<> check_mpd_effects(Session const& session) {
    auto const has_pictures = std::ranges::any_of(session.asset->tracks, [](auto const& track) {
        return track.second->content == Content::video;
    });
    if (session.options->splices_per_minute && !has_pictures)
        return without_effect("scte35_: the asset has no pictures, which carry the events");
    return {};
}

Answer<> check_hls_effects(Session const& session) {
    auto const& options = *session.options;
    for (auto const& [key, is_given] :
         {std::pair{"etp_", options.early_terminations_per_hour.has_value()},
          std::pair{"xlink_", options.xlinks_per_hour.has_value()},
          std::pair{"insertad_", options.advertisements_per_hour.has_value()},
          std::pair{"peroff_", options.has_period_offsets},
          std::pair{"mpdcallback_", options.callbacks_per_hour.has_value()},
          std::pair{"segtimelineloss_", options.shows_losses}})
        if (is_given) return without_effect(fmt::format("{}: HLS has no word for it", key));
    return {};
}

} // namespace continuo::dashlive
