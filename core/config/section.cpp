#include "core/config/section.hpp"

#include "core/base/redact.hpp"
#include "core/config/nearest.hpp"

#include <algorithm>
#include <iterator>
#include <tuple>

namespace continuo::config {
namespace {

constexpr std::size_t max_problems =
    200; // enough to work through; bounds what a hostile file makes us say

std::string_view kind_of(YAML::Node const& node) {
    switch (node.Type()) {
    case YAML::NodeType::Undefined:
    case YAML::NodeType::Null: return "nothing";
    case YAML::NodeType::Scalar: return "a single value";
    case YAML::NodeType::Sequence: return "a list";
    case YAML::NodeType::Map: return "a mapping";
    }
    return "something else";
}

/// An unfinished `key:` has no place of its own: yaml-cpp names whatever comes next.
Place place_of_value(YAML::Node const& key, YAML::Node const& value) {
    return place_of(value.IsNull() ? key.Mark() : value.Mark());
}

std::string unknown_key(std::string_view key, std::span<std::string_view const> known) {
    auto const meant = nearest(key, known);
    if (!meant.empty()) return fmt::format("unknown key; did you mean \"{}\"?", meant);
    return fmt::format("unknown key; known here: {}", listed(known));
}

} // namespace

std::string fit_for_log(std::string_view message) {
    constexpr std::size_t longest = 500;
    auto text = without_credentials(message);
    std::ranges::replace_if(
        text, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; }, '?');
    if (text.size() > longest) text.replace(longest, std::string::npos, "...");
    return text;
}

Place place_of(YAML::Mark const& mark) noexcept {
    return {std::max(mark.line, 0) + 1, std::max(mark.column, 0) + 1};
}

Place place_in(Entry const& entry, std::string const& key) {
    auto const value = entry.value.IsMap() ? entry.value[key] : YAML::Node();
    return value.IsDefined() && !value.IsNull() ? place_of(value.Mark()) : entry.place;
}

void Problems::add(Place place, std::string_view key, std::string_view message) {
    if (found_.size() == max_problems) return;
    found_.push_back({file_, place.line, place.column, fit_for_log(key), fit_for_log(message)});
}

std::vector<Diagnostic> Problems::take() && {
    std::ranges::stable_sort(found_, [](Diagnostic const& left, Diagnostic const& right) {
        return std::tie(left.line, left.column) < std::tie(right.line, right.column);
    });
    return std::move(found_);
}

Section::Section(Entry entry, std::span<std::string_view const> known, Problems& problems)
    : entry_(std::move(entry)), problems_(&problems) {
    if (entry_.value.IsMap()) {
        take_entries(known);
    } else if (!entry_.value.IsNull()) {
        problems_->add(entry_.place, entry_.path,
                       fmt::format("must be a mapping with the keys {}, got {}", listed(known),
                                   kind_of(entry_.value)));
    }
}

void Section::take_entries(std::span<std::string_view const> known) {
    for (auto const& pair : entry_.value) {
        auto const place = place_of(pair.first.Mark());
        if (!pair.first.IsScalar()) {
            problems_->add(place, entry_.path,
                           fmt::format("a key must be a word, got {}", kind_of(pair.first)));
            continue;
        }
        auto const& key = pair.first.Scalar();
        if (std::ranges::find(known, key) == known.end()) {
            complain(place, key, unknown_key(key, known));
        } else if (auto const earlier = find(key)) {
            complain(place, key,
                     fmt::format("stands here twice, first in line {}; remove one of them",
                                 earlier->place.line));
        } else {
            entries_.emplace_back(
                key, Entry{pair.second, place_of_value(pair.first, pair.second), path_of(key)});
        }
    }
}

std::string Section::path_of(std::string_view key) const {
    return entry_.path.empty() ? std::string(key) : fmt::format("{}.{}", entry_.path, key);
}

void Section::complain(Place place, std::string_view key, std::string_view message) const {
    problems_->add(place, path_of(key), message);
}

std::optional<Entry> Section::find(std::string_view key) const {
    auto const found = std::ranges::find(entries_, key, &std::pair<std::string, Entry>::first);
    if (found == entries_.end()) return {};
    return found->second;
}

std::optional<std::string> Section::text(std::string_view key) const {
    auto const entry = find(key);
    if (!entry) return {};
    if (entry->value.IsScalar() && !entry->value.Scalar().empty()) return entry->value.Scalar();
    if (entry->value.IsNull() || entry->value.IsScalar())
        complain(entry->place, key, "has no value; give it one or remove the key");
    else
        complain(entry->place, key,
                 fmt::format("must be a single value, got {}", kind_of(entry->value)));
    return {};
}

std::optional<std::string> Section::choice(std::string_view key,
                                           std::span<std::string_view const> choices) const {
    auto written = text(key);
    if (!written || std::ranges::find(choices, *written) != choices.end()) return written;
    auto const meant = nearest(*written, choices);
    auto const hint = meant.empty() ? "" : fmt::format("; did you mean \"{}\"?", meant);
    complain(find(key)->place, key,
             fmt::format("must be {}, got \"{}\"{}", listed(choices), *written, hint));
    return {};
}

std::vector<Entry> Section::list(std::string_view key, std::size_t limit) const {
    auto const entry = find(key);
    if (!entry || entry->value.IsNull()) return {};
    if (!entry->value.IsSequence()) {
        complain(entry->place, key,
                 fmt::format("must be a list (\"- ...\"), got {}", kind_of(entry->value)));
        return {};
    }
    std::vector<Entry> elements;
    for (auto const& element : entry->value) {
        auto const place = element.IsNull() ? entry->place : place_of(element.Mark());
        if (elements.size() == limit) {
            complain(place, key, fmt::format("has more than {} elements", limit));
            break;
        }
        elements.push_back({element, place, fmt::format("{}[{}]", entry->path, elements.size())});
    }
    return elements;
}

std::optional<std::string_view> exactly_one(Section const& section,
                                            std::span<std::string_view const> keys) {
    std::vector<std::string_view> present;
    std::ranges::copy_if(keys, std::back_inserter(present),
                         [&](auto key) { return section.find(key).has_value(); });
    if (present.size() == 1) return present.front();
    if (present.empty()) {
        section.complain(section.place(), keys.front(),
                         fmt::format("is missing; give exactly one of {}", listed(keys)));
    } else {
        section.complain(section.find(present[1])->place, present[1],
                         fmt::format("stands beside \"{}\"; give exactly one of {}",
                                     present.front(), listed(keys)));
    }
    return {};
}

std::string listed(std::span<std::string_view const> words) {
    if (words.size() < 2) return words.empty() ? std::string() : std::string(words.front());
    return fmt::format("{} or {}", fmt::join(words.first(words.size() - 1), ", "), words.back());
}

} // namespace continuo::config
