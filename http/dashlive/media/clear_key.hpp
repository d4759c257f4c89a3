// The keys of encrypted sessions (eccp), which anybody can have: they follow from the asset's name,
// and a licence server has nothing to look up. For MPDs, playlists and POST .../eccp.json. Pure.
#pragma once

#include "http/dashlive/session/session.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace continuo::dashlive {

using KeyBytes = std::array<std::uint8_t, 16>;

/// The first bytes of a text's SHA-256.
KeyBytes digest(std::string_view text);

/// One for each asset; begins with 28 80 fe.
KeyBytes key_id_of(Asset const& asset);
/// The key that belongs to it: the same bytes but the first three, 28 46 3e.
KeyBytes key_of(KeyBytes const& key_id) noexcept;
/// "2880fe36-e44b-f9bf-79d2-752e234818a5", for cenc:default_KID.
std::string key_id_text(KeyBytes const& key_id);

inline constexpr std::string_view licence_name = "eccp.json"; ///< behind the MPD's URL
inline constexpr std::string_view licence_media_type = "application/json";
inline constexpr std::size_t max_licence_keys = 64; ///< of a request

/// The answer to the body of a ClearKey licence request: the keys of those that are ours.
/// Errors: 400 for what is no request; 404 where no key of it is ours.
/// Spec: W3C Encrypted Media Extensions §9.1.3 and §9.1.4.
Answer<std::string> licence_for(std::string_view request);

} // namespace continuo::dashlive
