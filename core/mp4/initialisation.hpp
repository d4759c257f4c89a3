// An initialisation section as a live stream needs it.
#pragma once

#include "core/base/result.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace continuo::mp4 {

/// `file` without the duration of all its fragments (moov/mvex/mehd), which a stream that doesn't
/// end can't have; as it is when there is none.
/// Errors: those of `BoxCursor`; `Errc::not_found` without moov. Spec: ISO/IEC 14496-12 §8.8.2.
Result<std::vector<std::uint8_t>> without_fragments_duration(std::span<std::uint8_t const> file);

} // namespace continuo::mp4
