// An initialisation section as a live stream needs it: without its end, and, for what is in one
// file, with a second track.
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

/// `first` with the (one) track of `second` behind its own, under the number `second_id`.
/// Errors: those of `BoxCursor`; `Errc::not_found` where one of them has no moov, no track, or no
/// trex; `Errc::truncated`. Spec: ISO/IEC 14496-12 §8.3.2 and §8.8.3.
Result<std::vector<std::uint8_t>> with_second_track(std::span<std::uint8_t const> first,
                                                    std::span<std::uint8_t const> second,
                                                    std::uint32_t second_id);

} // namespace continuo::mp4
