// What EXT-X-MAP names: whether a player can begin with it.
#pragma once

#include "core/base/result.hpp"

#include <cstdint>
#include <span>

namespace continuo::media {

/// Whether `init` is an initialisation section of fragmented MP4: ftyp in front, and a moov with
/// tracks (RFC 8216 §3.3).
/// Errors: those of mp4::parse_movie; `Errc::malformed` for what it lacks.
Result<> check_initialisation(std::span<std::uint8_t const> init);

} // namespace continuo::media
