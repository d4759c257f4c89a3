// An XML document after what a patch asks for (RFC 5261): what a client makes of the version that
// it has.
#pragma once

#include "core/base/result.hpp"
#include "core/dash/element.hpp"

#include <span>

namespace continuo::dash {

/// `document` with `operations` applied, one after the other: elements "add", "replace" and
/// "remove". Selectors are those that DASH uses: names from the root on, with positions and
/// attributes in brackets, an attribute or text() at their end.
/// Errors, with the selector: `Errc::malformed` for one that is none, or an operation without what
/// it needs; `Errc::not_found` where it selects nothing, or more than one.
/// Spec: RFC 5261 §4; ISO/IEC 23009-1 §5.15.3.
Result<Element> patched(Element document, std::span<Element const> operations);

} // namespace continuo::dash
