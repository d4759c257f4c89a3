#include "core/dash/patched.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace continuo::dash {
namespace {

/// A step of a selector: "S[@t='9'][2]".
struct Step {
    std::string_view name;
    std::vector<std::string_view> conditions; ///< between brackets
};

/// Nothing for what is no step; `text` loses it, and the slash behind it.
std::optional<Step> take_step(std::string_view& text) {
    auto const name_end = std::min(text.find_first_of("[/"), text.size());
    Step step{.name = text.substr(0, name_end), .conditions = {}};
    text.remove_prefix(name_end);
    while (text.starts_with('[')) {
        // A value in quotes may hold a bracket.
        char quote = '\0';
        std::size_t end = 1;
        for (; end < text.size() && (quote != '\0' || text[end] != ']'); ++end) {
            if (quote == text[end])
                quote = '\0';
            else if (quote == '\0' && (text[end] == '\'' || text[end] == '"'))
                quote = text[end];
        }
        if (end >= text.size()) return std::nullopt;
        step.conditions.push_back(text.substr(1, end - 1));
        text.remove_prefix(end + 1);
    }
    bool const is_name =
        !step.name.empty() && step.name.find_first_of("@]'\"=()*") == std::string_view::npos;
    if (!is_name || !(text.empty() || text.starts_with('/'))) return std::nullopt;
    if (!text.empty()) text.remove_prefix(1);
    return step;
}

/// Where an element stands: among the children of `parent`.
struct Place {
    Element* parent{};
    std::size_t index{};

    Element& element() const { return parent->children[index]; }
};

/// Keeps what meets `condition`, a position or an attribute's value; false for any other.
bool keep(std::vector<std::size_t>& indices, Element const& parent, std::string_view condition) {
    std::size_t position{};
    auto const* const end = condition.data() + condition.size();
    if (auto const [rest, code] = std::from_chars(condition.data(), end, position);
        code == std::errc() && rest == end) {
        if (position == 0 || position > indices.size())
            indices.clear();
        else
            indices = {indices[position - 1]};
        return true;
    }
    auto const equals = condition.find('=');
    if (!condition.starts_with('@') || equals == std::string_view::npos) return false;
    auto const name = condition.substr(1, equals - 1);
    auto const value = condition.substr(equals + 1);
    if (value.size() < 2 || value.front() != value.back() ||
        (value.front() != '\'' && value.front() != '"'))
        return false;
    std::erase_if(indices, [&](std::size_t index) {
        auto const* const found = parent.children[index].find_attribute(name);
        return !found || *found != value.substr(1, value.size() - 2);
    });
    return true;
}

class Application {
public:
    explicit Application(Element document) { outside_.children.push_back(std::move(document)); }

    Result<> apply(Element const& operation) {
        auto const* const selector = operation.find_attribute("sel");
        if (!selector) return fail(Errc::malformed, operation.name + " without sel");
        selector_ = *selector;
        auto rest = selector_;
        if (!rest.starts_with('/')) return malformed();
        rest.remove_prefix(1);
        std::optional<Place> place;
        while (!rest.empty()) {
            if (place && rest.starts_with('@'))
                return apply_to_attribute(operation, *place, rest.substr(1));
            if (place && rest == "text()") return apply_to_text(operation, *place);
            auto const step = take_step(rest);
            if (!step) return malformed();
            auto const found = child(place ? place->element() : outside_, *step);
            if (!found) return found.error();
            place = *found;
        }
        if (!place) return malformed();
        return apply_to_element(operation, *place);
    }

    Result<Element> document() {
        if (outside_.children.size() != 1)
            return fail(Errc::malformed, "what is left is no document");
        return std::move(outside_.children.front());
    }

private:
    Error malformed() const { return fail(Errc::malformed, fmt::format("sel=\"{}\"", selector_)); }

    Result<Place> child(Element& parent, Step const& step) const {
        std::vector<std::size_t> indices;
        for (std::size_t i = 0; i < parent.children.size(); ++i)
            if (local_name(parent.children[i].name) == local_name(step.name)) indices.push_back(i);
        for (auto const condition : step.conditions)
            if (!keep(indices, parent, condition)) return malformed();
        if (indices.size() != 1)
            return fail(Errc::not_found,
                        fmt::format("sel=\"{}\" selects {} elements", selector_, indices.size()));
        return Place{.parent = &parent, .index = indices.front()};
    }

    Result<> apply_to_attribute(Element const& operation, Place place, std::string_view name) {
        auto& element = place.element();
        if (!element.find_attribute(name))
            return fail(Errc::not_found, fmt::format("sel=\"{}\" selects nothing", selector_));
        auto const kind = local_name(operation.name);
        if (kind == "replace")
            element.set_attribute(name, operation.text);
        else if (kind == "remove")
            element.remove_attribute(name);
        else
            return malformed();
        return {};
    }

    Result<> apply_to_text(Element const& operation, Place place) {
        auto const kind = local_name(operation.name);
        if (kind != "replace" && kind != "remove") return malformed();
        place.element().text = kind == "replace" ? operation.text : std::string();
        return {};
    }

    Result<> apply_to_element(Element const& operation, Place place) {
        auto const kind = local_name(operation.name);
        auto& siblings = place.parent->children;
        auto const at = siblings.begin() + static_cast<std::ptrdiff_t>(place.index);
        if (kind == "remove") {
            siblings.erase(at);
            return {};
        }
        if (kind == "replace") {
            if (operation.children.size() != 1)
                return fail(Errc::malformed, fmt::format("replace of \"{}\" with {} elements",
                                                         selector_, operation.children.size()));
            *at = operation.children.front();
            return {};
        }
        if (kind != "add") return fail(Errc::malformed, "operation " + operation.name);
        return add(operation, place);
    }

    Result<> add(Element const& operation, Place place) {
        if (auto const* const type = operation.find_attribute("type")) {
            if (!type->starts_with('@') || type->size() == 1)
                return fail(Errc::malformed, fmt::format("add of type \"{}\"", *type));
            place.element().set_attribute(std::string_view(*type).substr(1), operation.text);
            return {};
        }
        auto const* const written = operation.find_attribute("pos");
        auto const where = written ? std::string_view(*written) : std::string_view();
        bool const is_sibling = where == "before" || where == "after";
        if (!where.empty() && where != "prepend" && !is_sibling)
            return fail(Errc::malformed, fmt::format("pos=\"{}\"", where));
        auto& list = is_sibling ? place.parent->children : place.element().children;
        auto const index = where == "before"    ? place.index
                           : where == "after"   ? place.index + 1
                           : where == "prepend" ? 0
                                                : list.size();
        list.insert(list.begin() + static_cast<std::ptrdiff_t>(index), operation.children.begin(),
                    operation.children.end());
        return {};
    }

    Element outside_{.name = "document"}; ///< of which the document is the child
    std::string_view selector_;
};

} // namespace

Result<Element> patched(Element document, std::span<Element const> operations) {
    Application application(std::move(document));
    for (auto const& operation : operations)
        if (auto const done = application.apply(operation); !done) return done.error();
    return application.document();
}

} // namespace continuo::dash
