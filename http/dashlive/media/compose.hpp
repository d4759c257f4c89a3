// From a session and what a URL names to the bytes that are its answer: stored segments under
// their new times, sound cut again, chunks, events. The last step before they are sent. Pure: what
// has to be read first is asked for by name.
#pragma once

#include "http/dashlive/media/composed.hpp"
#include "http/dashlive/media/media_name.hpp"
#include "http/dashlive/media/strand.hpp"

#include <span>
#include <vector>

namespace continuo::dashlive {

/// The stored segments whose layouts `compose` needs, without them: for `Layouts`. None for
/// initialisations, images, and sound that is cut again.
std::vector<Ingredient> ingredients_of(Session const& session, MediaName const& name);

/// `ingredients`: those, with their layouts.
/// Of a segment that is available: whether it is, `available` says. A part (10_3.m4s) has its own
/// time. Errors: 404 for parts that there are not, 425 for one that isn't due; 400 where the
/// track can't be served as the session's options want it.
Answer<Composed> compose(Session const& session, MediaName const& name,
                         std::span<Ingredient const> ingredients);

} // namespace continuo::dashlive
