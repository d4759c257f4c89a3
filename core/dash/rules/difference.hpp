// Where two versions of an XML document differ in what they say: for evidence.
#pragma once

#include "core/dash/element.hpp"

#include <optional>
#include <string>

namespace continuo::dash::rules {

/// "/MPD/Period[1]/@start": the first difference, as `one` has it; nothing where both say the same.
/// The order of attributes says nothing, and sources of time may tell another one.
std::optional<std::string> difference_between(Element const& one, Element const& other);

} // namespace continuo::dash::rules
