// How many files and sockets the process may have open at once, which the system has to allow.
#pragma once

#include "core/config/config.hpp"

#include <cstdint>

namespace continuo {

/// At most, with these settings: every connection sends a file of its own, and every thread keeps
/// open what was asked for lately.
std::uint64_t descriptors_for(config::Http const& settings);

/// Raises the process's limit as far as it may; warns where that is too little. Called once, at the
/// start.
void raise_descriptor_limit(config::Http const& settings);

} // namespace continuo
