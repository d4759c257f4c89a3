#include "core/dash/element.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <optional>
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

void remove_prefix(Element& element, std::string_view prefix) {
    if (element.name.starts_with(prefix)) element.name.erase(0, prefix.size());
    for (auto& child : element.children)
        remove_prefix(child, prefix);
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

/// `of_attribute`: of a value between quotes, where blanks would otherwise be made alike.
void append_escaped(std::string& out, std::string_view text, bool of_attribute) {
    for (char const letter : text) {
        bool const is_control = static_cast<unsigned char>(letter) < ' ';
        if (letter == '&')
            out += "&amp;";
        else if (letter == '<')
            out += "&lt;";
        else if (letter == '>')
            out += "&gt;";
        else if (letter == '"' && of_attribute)
            out += "&quot;";
        else if (is_control && (of_attribute || (letter != '\t' && letter != '\n')))
            fmt::format_to(std::back_inserter(out), "&#{};", static_cast<int>(letter));
        else
            out += letter;
    }
}

/// `depth`: how far it is indented; nothing beside text, which blanks would change.
void append(std::string& out, Element const& element, std::optional<std::size_t> depth) {
    if (depth) out.append(2 * *depth, ' ');
    out.append(1, '<').append(element.name);
    for (auto const& [name, value] : element.attributes) {
        out.append(1, ' ').append(name).append("=\"");
        append_escaped(out, value, /*of_attribute=*/true);
        out += '"';
    }
    out += '>';
    append_escaped(out, element.text, /*of_attribute=*/false);
    bool const is_indented = depth && element.text.empty() && !element.children.empty();
    if (is_indented) out += '\n';
    for (auto const& child : element.children)
        append(out, child, is_indented ? std::optional(*depth + 1) : std::nullopt);
    if (is_indented) out.append(2 * *depth, ' ');
    out.append("</").append(element.name).append(1, '>');
    if (depth) out += '\n';
}

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

void Element::set_number(std::string_view attribute, std::int64_t value) {
    set_attribute(attribute, fmt::format("{}", value));
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

Element with_default_namespace(Element root) {
    auto const colon = root.name.find(':');
    if (colon == std::string::npos || root.find_attribute("xmlns")) return root;
    auto const prefix = root.name.substr(0, colon + 1); // "mpd:"
    auto const declaration = "xmlns:" + root.name.substr(0, colon);
    for (auto& [name, value] : root.attributes)
        if (name == declaration) name = "xmlns";
    remove_prefix(root, prefix);
    return root;
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
    std::string text("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    append(text, root, 0);
    return text;
}

std::string bare_text(Element const& element) {
    std::string text;
    append(text, element, 0);
    return text;
}

} // namespace continuo::dash
