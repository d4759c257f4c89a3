#include "http/dashlive/options/options.hpp"

#include "http/dashlive/options/draft.hpp"

#include <fmt/format.h>

#include <optional>
#include <string>
#include <utility>

namespace continuo::dashlive {
namespace {

constexpr std::string_view prefix_of(Dialect dialect) noexcept {
    return dialect == Dialect::livesim1 ? "/livesim/" : "/livesim2/";
}

/// The part of a path up to the next slash; null where it is no option, but content.
OptionKey const* key_of(std::string_view part) noexcept {
    auto const mark = part.find('_');
    return mark == std::string_view::npos ? nullptr : find_option_key(part.substr(0, mark));
}

std::optional<OptionError> add(OptionDraft& draft, OptionKey const& key, std::string_view part) {
    if (key.set == nullptr)
        return OptionError{.option = std::string(part), .reason = "is not supported here"};
    auto const set = key.set(draft, part.substr(key.name.size() + 1));
    if (!set)
        return OptionError{.option = std::string(part), .reason = "wants " + set.error().wanted};
    draft.parts.push_back({.key = key.name, .text = part});
    return std::nullopt;
}

void add_part_durations(OptionDraft& draft) {
    for (auto& set : draft.options.sub_segments)
        for (auto const& part : draft.part_durations)
            if (part.adaptation_set == set.adaptation_set) set.part = part.duration;
}

} // namespace

boost::system::result<ParsedPath, OptionError> parse_options(Dialect dialect, std::string_view path,
                                                             OptionLimits const& limits) {
    OptionDraft draft;
    draft.options.dialect = dialect;
    draft.limits = limits;
    auto rest = path;
    for (;;) {
        auto const part = rest.substr(0, rest.find('/'));
        auto const* const key = key_of(part);
        if (key == nullptr) break;
        if (auto error = add(draft, *key, part)) return *std::move(error);
        rest.remove_prefix(part.size());
        if (rest.starts_with('/')) rest.remove_prefix(1);
    }
    if (rest.empty())
        return OptionError{.option = std::string(path),
                           .reason = "has no asset behind its options"};
    if (auto error = contradiction_in(draft)) return *std::move(error);
    add_part_durations(draft);
    draft.options.path =
        fmt::format("{}{}", prefix_of(dialect), path.substr(0, path.size() - rest.size()));
    return ParsedPath{.options = std::move(draft.options), .content = std::string(rest)};
}

} // namespace continuo::dashlive
