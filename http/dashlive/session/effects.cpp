#include "http/dashlive/session/effects.hpp"

#include "http/dashlive/session/set_ids.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string>
#include <utility>

namespace continuo::dashlive {
namespace {

Refusal impossible(std::string detail) {
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
                return impossible(fmt::format("ssras_: there is no AdaptationSet {}, but {}",
                                              number, fmt::join(ids, ", ")));
    return {};
}

} // namespace

Answer<> check_effects(Session const& session) {
    return check_sets(session);
}

} // namespace continuo::dashlive
