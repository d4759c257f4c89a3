// What a client makes of an MPD with a patch: RFC 5261 for the selectors that players understand.
#pragma once

#include "core/dash/element.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <string>
#include <string_view>

namespace continuo::support {

/// Where a selector leads: an element, and an attribute of it where it names one.
struct Selected {
    dash::Element* parent{};
    std::size_t place{}; ///< in the parent's children
    std::string attribute;

    dash::Element& element() const { return parent->children[place]; }
};

/// `document` holds the root as its only child.
inline Selected selected(dash::Element& document, std::string_view selector) {
    Selected found{.parent = nullptr, .place = 0, .attribute = {}};
    auto* parent = &document;
    while (!selector.empty()) {
        REQUIRE(selector.front() == '/');
        selector.remove_prefix(1);
        auto const quote = selector.find('\'');
        auto end = selector.find('/');
        if (quote < end) end = selector.find('/', selector.find('\'', quote + 1));
        auto const step = std::string(selector.substr(0, end));
        selector = end == std::string_view::npos ? std::string_view() : selector.substr(end);
        if (step.front() == '@') {
            found.attribute = step.substr(1);
            REQUIRE(selector.empty());
            return found;
        }
        auto const bracket = step.find('[');
        auto const name = step.substr(0, bracket);
        std::string id;
        std::size_t position = 1;
        if (step.find("[@id='") == bracket && bracket != std::string::npos)
            id = step.substr(bracket + 6, step.size() - bracket - 8);
        else if (bracket != std::string::npos)
            position = std::stoul(step.substr(bracket + 1));
        std::size_t matching = 0;
        found.parent = nullptr;
        for (std::size_t i = 0; i < parent->children.size(); ++i) {
            auto const& child = parent->children[i];
            auto const* const own = child.find_attribute("id");
            if (child.name != name || (!id.empty() && (!own || *own != id))) continue;
            if (++matching == position) {
                found.parent = parent;
                found.place = i;
            }
        }
        REQUIRE_MESSAGE(found.parent != nullptr, step, " leads nowhere");
        // Without a position there has to be but one.
        CHECK((bracket != std::string::npos || matching == 1));
        parent = &found.element();
    }
    return found;
}

inline void apply(dash::Element& document, dash::Element const& operation) {
    auto const place = selected(document, *operation.find_attribute("sel"));
    auto const* const position = operation.find_attribute("pos");
    auto const* const type = operation.find_attribute("type");
    if (operation.name == "remove") {
        if (place.attribute.empty())
            place.parent->children.erase(place.parent->children.begin() +
                                         static_cast<std::ptrdiff_t>(place.place));
        else
            place.element().remove_attribute(place.attribute);
    } else if (operation.name == "replace") {
        if (place.attribute.empty()) {
            REQUIRE(operation.children.size() == 1);
            place.element() = operation.children.front();
        } else {
            REQUIRE(place.element().find_attribute(place.attribute) != nullptr);
            place.element().set_attribute(place.attribute, operation.text);
        }
    } else if (type) {
        REQUIRE(operation.name == "add");
        CHECK(place.element().find_attribute(type->substr(1)) == nullptr);
        place.element().set_attribute(type->substr(1), operation.text);
    } else {
        REQUIRE(operation.name == "add");
        REQUIRE(position != nullptr);
        auto& siblings = *position == "prepend" ? place.element().children : place.parent->children;
        auto const at = *position == "prepend" ? 0 : place.place + 1;
        siblings.insert(siblings.begin() + static_cast<std::ptrdiff_t>(at),
                        operation.children.front());
    }
}

/// Attributes may stand in another order than in the document that was meant.
inline dash::Element with_sorted_attributes(dash::Element element) {
    std::sort(element.attributes.begin(), element.attributes.end());
    for (auto& child : element.children)
        child = with_sorted_attributes(std::move(child));
    return element;
}

} // namespace continuo::support
