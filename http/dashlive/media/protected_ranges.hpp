// Which bytes of a picture are encrypted: the slices' data, behind what a decoder looks at before
// it decrypts. For encryption.cpp. Pure.
#pragma once

#include "core/mp4/fragment_writer.hpp"
#include "core/mp4/protection.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace continuo::dashlive {

inline constexpr std::size_t cipher_block = 16; ///< bytes that AES takes at once

/// `sample`: NAL units, each with its length in front. The parts cover all of it, and there is one
/// at least; what can't be read as NAL units is clear. Spec: ISO/IEC 23001-7 §9.5.2.
std::vector<mp4::Subsample> protected_ranges(std::span<std::uint8_t const> sample,
                                             mp4::NalLayout const& layout);

} // namespace continuo::dashlive
