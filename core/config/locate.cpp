#include "core/config/load.hpp"
#include "core/config/section.hpp"

#include <charconv>

namespace continuo::config {
namespace {

/// The child of `node` that `step` names, "sources" or "1"; undefined when it is not there.
YAML::Node child_of(YAML::Node const& node, std::string_view step) {
    if (node.IsMap()) return node[std::string(step)];
    std::size_t index{};
    auto const parsed = std::from_chars(step.data(), step.data() + step.size(), index);
    if (node.IsSequence() && parsed.ec == std::errc{} && index < node.size()) return node[index];
    return YAML::Node(YAML::NodeType::Undefined);
}

Place find_place(YAML::Node node, std::string_view key) {
    constexpr std::string_view separators = ".[]";
    auto place = place_of(node.Mark());
    while (true) {
        key.remove_prefix(std::min(key.find_first_not_of(separators), key.size()));
        if (key.empty()) return place;
        auto const step = key.substr(0, key.find_first_of(separators));
        key.remove_prefix(step.size());
        auto const child = child_of(node, step);
        if (!child.IsDefined() || child.IsNull()) return place;
        node.reset(child);
        place = place_of(node.Mark());
    }
}

} // namespace

Diagnostic locate(std::string_view yaml, std::string_view file_name, std::string key,
                  std::string message) {
    Place place;
    try {
        place = find_place(YAML::Load(std::string(yaml)), key);
    } catch (YAML::Exception const&) {
        // The file changed under us: the complaint is worth as much without its place.
    }
    return {std::string(file_name), place.line, place.column, std::move(key), std::move(message)};
}

} // namespace continuo::config
