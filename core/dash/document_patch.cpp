#include "core/dash/document_patch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace continuo::dash {
namespace {

using Children = std::vector<Element>;

constexpr std::ptrdiff_t max_edits = 500; // children added and removed, before all are replaced

std::string const* id_of(Element const& element) noexcept {
    return element.find_attribute("id");
}

/// What makes children of two versions the same one.
bool are_one(Element const& left, Element const& right) noexcept {
    if (left.name != right.name) return false;
    if (local_name(left.name) == "S") return left == right;
    auto const *const left_id = id_of(left), *const right_id = id_of(right);
    if (!left_id || !right_id) return !left_id && !right_id;
    return *left_id == *right_id;
}

/// Children that are the same one, by their places in both versions, in order.
struct Match {
    std::size_t before{};
    std::size_t after{};
};

/// The shortest way from one list to another, by E. Myers, "An O(ND) Difference Algorithm and Its
/// Variations" (1986): on diagonal k, where before - after is k, as far as so many edits lead.
class ShortestEdit {
public:
    ShortestEdit(std::span<Element const> before, std::span<Element const> after)
        : before_(before), after_(after) {}

    /// Nothing where it takes more than `max_edits`.
    std::optional<std::vector<Match>> matches() {
        std::vector<Reach> steps;
        Reach reach(2 * max_edits + 3, 0);
        for (std::ptrdiff_t edits = 0; edits <= max_edits; ++edits) {
            steps.push_back(reach);
            for (auto diagonal = -edits; diagonal <= edits; diagonal += 2) {
                auto const place = from(reach, diagonal, edits);
                auto const end = slid(place, diagonal);
                at(reach, diagonal) = end;
                if (end >= size(before_) && end - diagonal >= size(after_))
                    return walked_back(steps, edits);
            }
        }
        return std::nullopt;
    }

private:
    using Reach = std::vector<std::ptrdiff_t>; // place in `before`, by diagonal

    static std::ptrdiff_t size(std::span<Element const> list) noexcept { return std::ssize(list); }
    static std::ptrdiff_t& at(Reach& reach, std::ptrdiff_t diagonal) {
        return reach[static_cast<std::size_t>(diagonal + max_edits + 1)];
    }
    static bool comes_by_addition(Reach& reach, std::ptrdiff_t diagonal, std::ptrdiff_t edits) {
        return diagonal == -edits ||
               (diagonal != edits && at(reach, diagonal - 1) < at(reach, diagonal + 1));
    }
    /// Where one more edit leads.
    static std::ptrdiff_t from(Reach& reach, std::ptrdiff_t diagonal, std::ptrdiff_t edits) {
        if (edits == 0) return 0;
        return comes_by_addition(reach, diagonal, edits) ? at(reach, diagonal + 1)
                                                         : at(reach, diagonal - 1) + 1;
    }
    std::ptrdiff_t slid(std::ptrdiff_t place, std::ptrdiff_t diagonal) const {
        while (place < size(before_) && place - diagonal < size(after_) &&
               are_one(before_[static_cast<std::size_t>(place)],
                       after_[static_cast<std::size_t>(place - diagonal)]))
            ++place;
        return place;
    }

    std::vector<Match> walked_back(std::vector<Reach>& steps, std::ptrdiff_t edits) const {
        std::vector<Match> matches;
        auto diagonal = size(before_) - size(after_);
        auto end = size(before_);
        for (; edits >= 0; --edits) {
            auto& reach = steps[static_cast<std::size_t>(edits)];
            auto const begin = from(reach, diagonal, edits);
            while (end > begin) {
                --end;
                matches.push_back(
                    {static_cast<std::size_t>(end), static_cast<std::size_t>(end - diagonal)});
            }
            if (edits == 0) break;
            bool const was_added = comes_by_addition(reach, diagonal, edits);
            diagonal += was_added ? 1 : -1;
            end = at(reach, diagonal);
        }
        std::ranges::reverse(matches);
        return matches;
    }

    std::span<Element const> before_, after_;
};

/// A child, selected among `siblings`, in which it is at `place`.
std::string step_to(Children const& siblings, std::size_t place) {
    auto const& element = siblings[place];
    auto const is_alike = [&](Element const& other) { return other.name == element.name; };
    if (auto const* const id = id_of(element)) {
        bool const can_be_quoted = id->find('\'') == std::string::npos;
        auto const same = std::ranges::count_if(siblings, [&](Element const& other) {
            auto const* const others = id_of(other);
            return is_alike(other) && others && *others == *id;
        });
        if (can_be_quoted && same == 1) return fmt::format("{}[@id='{}']", element.name, *id);
    }
    auto const end = siblings.begin() + static_cast<std::ptrdiff_t>(place);
    auto const before = std::count_if(siblings.begin(), end, is_alike);
    if (before == 0 && std::ranges::count_if(siblings, is_alike) == 1) return element.name;
    return fmt::format("{}[{}]", element.name, before + 1);
}

Element operation(std::string_view name, std::string selector) {
    return {.name = std::string(name), .attributes = {{"sel", std::move(selector)}}};
}

/// Writes what makes one version of another.
class Comparison {
public:
    std::vector<Element> operations;

    void compare(Element const& before, Element const& after, std::vector<Match> const& matches,
                 std::string const& path) {
        compare_attributes(before, after, path);
        compare_children(before.children, after.children, matches, path);
    }

private:
    void compare_attributes(Element const& before, Element const& after, std::string const& path) {
        for (auto const& [name, value] : before.attributes)
            if (!after.find_attribute(name))
                operations.push_back(operation("remove", fmt::format("{}/@{}", path, name)));
        for (auto const& [name, value] : after.attributes) {
            auto const* const old = before.find_attribute(name);
            if (old && *old == value) continue;
            auto change = old ? operation("replace", fmt::format("{}/@{}", path, name))
                              : operation("add", path);
            if (!old) change.set_attribute("type", "@" + name);
            change.text = value;
            operations.push_back(std::move(change));
        }
    }

    /// `now` is what the patched document has, step by step.
    void compare_children(Children const& before, Children const& after,
                          std::vector<Match> const& matches, std::string const& path) {
        auto now = before;
        std::vector<std::optional<std::size_t>> partners(before.size()); // in `after`
        for (auto const& match : matches)
            partners[match.before] = match.after;
        pair_rest(before, after, partners);
        for (auto place = now.size(); place-- > 0;)
            if (!partners[place]) remove(now, place, path);
        std::erase(partners, std::nullopt);
        for (std::size_t place = 0; place < now.size(); ++place)
            change(now, place, after[*partners[place]], path);
        for (std::size_t place = 0; place < after.size(); ++place)
            if (place >= partners.size() || partners[place] != place) {
                add(now, place, after[place], path);
                partners.insert(partners.begin() + static_cast<std::ptrdiff_t>(place), place);
            }
    }

    /// Between two matches, what went makes room for what came, where they have the same name.
    static void pair_rest(Children const& before, Children const& after,
                          std::vector<std::optional<std::size_t>>& partners) {
        std::size_t next = 0; // in `after`: behind the last partner
        for (std::size_t place = 0; place < partners.size(); ++place) {
            if (!partners[place]) {
                std::size_t limit = after.size();
                for (auto later = place; later < partners.size(); ++later)
                    if (partners[later]) {
                        limit = *partners[later];
                        break;
                    }
                if (next < limit && before[place].name == after[next].name) partners[place] = next;
            }
            if (partners[place]) next = *partners[place] + 1;
        }
    }

    void remove(Children& now, std::size_t place, std::string const& path) {
        operations.push_back(operation("remove", path + "/" + step_to(now, place)));
        now.erase(now.begin() + static_cast<std::ptrdiff_t>(place));
    }

    void change(Children& now, std::size_t place, Element const& after, std::string const& path) {
        auto const selector = path + "/" + step_to(now, place);
        auto& before = now[place];
        if (before == after) return;
        std::optional<std::vector<Match>> matches;
        if (are_one(before, after) && before.text == after.text)
            matches = ShortestEdit(before.children, after.children).matches();
        if (matches) {
            compare(before, after, *matches, selector);
        } else {
            auto replacement = operation("replace", selector);
            replacement.children.push_back(after);
            operations.push_back(std::move(replacement));
        }
        before = after;
    }

    void add(Children& now, std::size_t place, Element const& element, std::string const& path) {
        auto addition = operation("add", place == 0 ? path : path + "/" + step_to(now, place - 1));
        addition.set_attribute("pos", place == 0 ? "prepend" : "after");
        addition.children.push_back(element);
        operations.push_back(std::move(addition));
        now.insert(now.begin() + static_cast<std::ptrdiff_t>(place), element);
    }
};

} // namespace

std::vector<Element> operations_between(Element const& before, Element const& after) {
    Comparison comparison;
    auto const matches = ShortestEdit(before.children, after.children).matches();
    comparison.compare(before, after, matches.value_or(std::vector<Match>{}), "/" + before.name);
    return std::move(comparison.operations);
}

} // namespace continuo::dash
