// Segments that take long to put together, since their samples are encrypted: by the threads of the
// openers, so that a loop's other viewers don't wait for AES.
#pragma once

#include "http/dashlive/media/compose.hpp"
#include "http/storage/openers.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <span>
#include <vector>

namespace continuo::dashlive {

/// What a loop encrypts itself: it takes less time than another thread takes to answer.
inline constexpr std::uint64_t most_encrypted_on_loop = std::uint64_t{32} << 10; // bytes

/// Whether more than that is to be encrypted. `ingredients`: of `ingredients_of`.
bool is_laborious(Session const& session, std::span<Ingredient const> ingredients);

/// As `compose`; what is passed lives until the answer is there. Errors: its own; 503 where too
/// many wait, or none of the threads gets to it.
boost::asio::awaitable<Answer<Composed>> compose_aside(storage::Openers& openers,
                                                       Session const& session,
                                                       MediaName const& name,
                                                       std::span<Ingredient const> ingredients);

} // namespace continuo::dashlive
