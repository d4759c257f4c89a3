#include "http/dashlive/session/set_ids.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace continuo::dashlive {

std::vector<NamedSet> named_sets(Manifest const& manifest) {
    std::vector<NamedSet> sets;
    auto const* const period = manifest.root.find_child("Period");
    if (!period) return sets;
    for (auto const& child : period->children) {
        if (dash::local_name(child.name) != "AdaptationSet") continue;
        auto const* const own = child.find_attribute("id");
        sets.push_back({.element = &child, .id = own ? *own : std::string()});
    }
    unsigned next = 1;
    for (auto& set : sets) {
        if (set.element->find_attribute("id")) continue;
        while (std::ranges::find(sets, fmt::format("{}", next), &NamedSet::id) != sets.end())
            ++next;
        set.id = fmt::format("{}", next);
    }
    return sets;
}

bool is_called(std::string_view id, std::uint32_t number) {
    return id == fmt::format("{}", number);
}

} // namespace continuo::dashlive
