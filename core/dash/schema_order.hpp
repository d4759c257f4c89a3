// Where in an element of an MPD a child has to stand: the schema is a sequence, and players and
// validators hold us to it.
#pragma once

#include "core/dash/element.hpp"

namespace continuo::dash {

/// Puts `child` into `parent` behind all that the schema wants in front of it, and behind others of
/// its own name. `parent`: an MPD, Period, AdaptationSet or Representation; in others, and where
/// the schema doesn't know the name, it becomes the last.
/// Returns it where it stands now. Spec: ISO/IEC 23009-1, 6th edition, the schema.
Element& insert_child(Element& parent, Element child);

} // namespace continuo::dash
