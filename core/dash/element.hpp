// XML as values: an MPD that keeps, in order, whatever we know nothing about, so that it comes out
// of a change with all that didn't need one.
#pragma once

#include "core/base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace continuo::dash {

/// An element with what is in it. Names stand as they are written, prefixes included; comments and
/// processing instructions are left out, text is collected in front of the children.
struct Element {
    std::string name;
    std::vector<std::pair<std::string, std::string>> attributes{};
    std::string text{}; ///< nothing where there is only white space
    std::vector<Element> children{};

    /// Null where there is none.
    std::string const* find_attribute(std::string_view attribute) const noexcept;
    /// In its place if it is there already, else behind all others.
    void set_attribute(std::string_view attribute, std::string value);
    void set_number(std::string_view attribute, std::int64_t value);
    void remove_attribute(std::string_view attribute) noexcept;

    /// The first with that name, whatever its prefix; null where there is none.
    Element const* find_child(std::string_view child) const noexcept;
    Element* find_child(std::string_view child) noexcept;

    friend bool operator==(Element const&, Element const&) = default;
};

/// A name without its prefix: "MPD" of "mpd:MPD".
std::string_view local_name(std::string_view name) noexcept;

/// `root` without the prefix of its name, here and in all that is in it: its namespace becomes the
/// default one. As it is where it has no prefix, or has another default already.
Element with_default_namespace(Element root);

/// The root of an XML document of up to 16 MiB, in any encoding that it declares.
/// Errors: `Errc::malformed` with line and column; `Errc::out_of_range` for one that is larger, or
/// nested more than 64 deep; entities that a document defines itself stay as they are written.
Result<Element> parse_element(std::string_view document);

/// A document in UTF-8, indented by two blanks. Every element has its end tag, as in what the
/// simulators before us wrote: their users search MPDs for such texts.
std::string to_text(Element const& root);

/// The same without the declaration in front: a part of a document.
std::string bare_text(Element const& element);

} // namespace continuo::dash
