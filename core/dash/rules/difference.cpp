#include "core/dash/rules/difference.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace continuo::dash::rules {
namespace {

std::optional<std::string> in_attributes(Element const& one, Element const& other) {
    for (auto const& [name, value] : one.attributes) {
        auto const* const found = other.find_attribute(name);
        if (!found || *found != value) return "/@" + name;
    }
    for (auto const& [name, value] : other.attributes)
        if (!one.find_attribute(name)) return "/@" + name;
    return std::nullopt;
}

} // namespace

std::optional<std::string> difference_between(Element const& one, Element const& other) {
    auto const path = "/" + one.name;
    if (one.name != other.name) return path;
    if (local_name(one.name) == "UTCTiming") return std::nullopt;
    if (auto const inside = in_attributes(one, other)) return path + *inside;
    if (one.text != other.text) return path + "/text()";
    for (std::size_t i = 0; i < std::min(one.children.size(), other.children.size()); ++i)
        if (auto const inside = difference_between(one.children[i], other.children[i])) {
            auto const name_end = std::min(inside->find('/', 1), inside->size());
            return fmt::format("{}{}[{}]{}", path, inside->substr(0, name_end), i + 1,
                               inside->substr(name_end));
        }
    if (one.children.size() != other.children.size())
        return fmt::format("{}: {} children and {}", path, one.children.size(),
                           other.children.size());
    return std::nullopt;
}

} // namespace continuo::dash::rules
