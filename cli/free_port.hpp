// Whether `continuo run` gets the port that its configuration names, and which one it could have
// instead.
#pragma once

#include "core/config/config.hpp"

#include <cstdint>
#include <optional>

namespace continuo::cli {

/// Whether somebody else listens at this address. False for whatever else is wrong with it: the
/// server says what.
bool is_taken(config::Http const& http);

/// The next higher port that is free there, among a hundred.
std::optional<std::uint16_t> next_free_port(config::Http http);

/// Where the port is taken and somebody sits at a terminal, asks whether the next free one may be
/// used. The port to listen on instead; nothing where all is well, or nobody is there to ask, or
/// the answer is no.
std::optional<std::uint16_t> offer_free_port(config::Http const& http);

} // namespace continuo::cli
