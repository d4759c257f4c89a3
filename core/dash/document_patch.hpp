// What has changed between two versions of an XML document, as a patch says it (RFC 5261): for a
// client that has the one and wants the other.
#pragma once

#include "core/dash/element.hpp"

#include <vector>

namespace continuo::dash {

/// Elements "add", "replace" and "remove" that, one after the other, make `after` of `before`.
/// Elements are taken for the same one by name and @id, or else by name and place; an S of a
/// SegmentTimeline by all it says. Selectors hold nothing but names, @id, positions and attributes,
/// which is what players understand. Both have the same name.
std::vector<Element> operations_between(Element const& before, Element const& after);

} // namespace continuo::dash
