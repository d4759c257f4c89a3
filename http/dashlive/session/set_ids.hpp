// What AdaptationSets are called: ssras and chunkdurssr name them so, in MPDs and in requests for
// parts alike. Between an asset's MPD and all who look for a set in it. Pure.
#pragma once

#include "core/dash/element.hpp"
#include "http/dashlive/asset/asset.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace continuo::dashlive {

/// A set and what it is called.
struct NamedSet {
    dash::Element const* element{}; ///< of the Manifest
    std::string id; ///< AdaptationSet@id, or else the smallest number, from 1 on, that is free
};

/// All sets of an MPD, in their order; they live as long as it does.
std::vector<NamedSet> named_sets(Manifest const& manifest);

/// Whether an option means the set called `id` by `number`.
bool is_called(std::string_view id, std::uint32_t number);

} // namespace continuo::dashlive
