#include "core/dash/element.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <pugixml.hpp>

namespace continuo::dash {
namespace {

constexpr std::size_t max_size = std::size_t{16} << 20;
constexpr int max_depth = 64;

auto attribute_named(std::string_view name) {
    return [name](auto const& attribute) { return attribute.first == name; };
}
auto child_named(std::string_view name) {
    return [name](Element const& child) { return local_name(child.name) == name; };
}

Error failure_at(std::string_view document, std::ptrdiff_t offset, std::string_view what) {
    auto const before =
        document.substr(0, std::min(document.size(), static_cast<std::size_t>(offset)));
    auto const line = 1 + std::count(before.begin(), before.end(), '\n');
    auto const column = before.size() - (before.rfind('\n') + 1) + 1; // npos + 1 is 0
    return fail(Errc::malformed, fmt::format("XML at {}:{}: {}", line, column, what));
}

Result<Element> element_of(pugi::xml_node const& node, int depth) {
    if (depth > max_depth)
        return fail(Errc::out_of_range, fmt::format("XML nested more than {} deep", max_depth));
    Element element;
    element.name = node.name();
    for (auto const& attribute : node.attributes())
        element.attributes.emplace_back(attribute.name(), attribute.value());
    for (auto const& inner : node.children()) {
        if (inner.type() == pugi::node_pcdata || inner.type() == pugi::node_cdata)
            element.text += inner.value();
        if (inner.type() != pugi::node_element) continue;
        auto child = element_of(inner, depth + 1);
        if (!child) return child.error();
        element.children.push_back(std::move(*child));
    }
    if (element.text.find_first_not_of(" \t\r\n") == std::string::npos) element.text.clear();
    return element;
}

void append(pugi::xml_node parent, Element const& element) {
    auto node = parent.append_child(element.name.c_str());
    for (auto const& [name, value] : element.attributes)
        node.append_attribute(name.c_str()).set_value(value.c_str());
    if (!element.text.empty()) node.append_child(pugi::node_pcdata).set_value(element.text.c_str());
    for (auto const& child : element.children)
        append(node, child);
}

struct StringWriter : pugi::xml_writer {
    std::string text;
    void write(void const* data, std::size_t size) override {
        text.append(static_cast<char const*>(data), size);
    }
};

} // namespace

std::string_view local_name(std::string_view name) noexcept {
    auto const colon = name.find(':');
    return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

std::string const* Element::find_attribute(std::string_view attribute) const noexcept {
    auto const found =
        std::find_if(attributes.begin(), attributes.end(), attribute_named(attribute));
    return found == attributes.end() ? nullptr : &found->second;
}

void Element::set_attribute(std::string_view attribute, std::string value) {
    auto const found =
        std::find_if(attributes.begin(), attributes.end(), attribute_named(attribute));
    if (found != attributes.end())
        found->second = std::move(value);
    else
        attributes.emplace_back(attribute, std::move(value));
}

void Element::remove_attribute(std::string_view attribute) noexcept {
    std::erase_if(attributes, attribute_named(attribute));
}

Element const* Element::find_child(std::string_view child) const noexcept {
    auto const found = std::find_if(children.begin(), children.end(), child_named(child));
    return found == children.end() ? nullptr : &*found;
}

Element* Element::find_child(std::string_view child) noexcept {
    auto const found = std::find_if(children.begin(), children.end(), child_named(child));
    return found == children.end() ? nullptr : &*found;
}

Result<Element> parse_element(std::string_view document) {
    if (document.size() > max_size)
        return fail(Errc::out_of_range, fmt::format("XML of {} bytes", document.size()));
    pugi::xml_document parsed;
    auto const result = parsed.load_buffer(document.data(), document.size());
    if (!result) return failure_at(document, result.offset, result.description());
    return element_of(parsed.document_element(), 1);
}

std::string to_text(Element const& root) {
    pugi::xml_document document;
    auto declaration = document.append_child(pugi::node_declaration);
    declaration.append_attribute("version").set_value("1.0");
    declaration.append_attribute("encoding").set_value("UTF-8");
    append(document, root);
    StringWriter writer;
    document.save(writer, "  ", pugi::format_indent, pugi::encoding_utf8);
    return std::move(writer.text);
}

} // namespace continuo::dash
