// Common Encryption as an initialisation section tells of it: what a decrypter has to know of a
// track, and how pictures are laid out in its samples.
#pragma once

#include "core/base/result.hpp"
#include "core/mp4/box.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace continuo::mp4 {

/// schm and tenc (ISO/IEC 23001-7 §8.2).
struct TrackProtection {
    FourCC scheme; ///< "cenc", "cbcs"
    std::array<std::uint8_t, 16> key_id{};
    std::uint8_t vector_size{}; ///< bytes of each sample's own initialisation vector; 0: none
    std::optional<std::array<std::uint8_t, 16>> constant_vector{}; ///< of all samples
    std::uint8_t crypt_blocks{};                                   ///< of a pattern; 0: none
    std::uint8_t skip_blocks{};
};

/// `file` with all sample entries of its tracks turned into protected ones: their formats into
/// encv or enca, the former ones and `protection` behind, in a sinf.
/// Errors: those of `BoxCursor`; `Errc::unsupported` for a track of neither pictures nor sound;
/// `Errc::not_found` without one. Spec: ISO/IEC 14496-12 §8.12; ISO/IEC 23001-7 §4.2 and §8.
Result<std::vector<std::uint8_t>> protected_initialisation(std::span<std::uint8_t const> file,
                                                           TrackProtection const& protection);

/// How NAL units stand in samples, by avcC or hvcC.
struct NalLayout {
    enum class Codec : std::uint8_t { avc, hevc };
    Codec codec{Codec::avc};
    std::size_t length_bytes{4}; ///< of the length in front of each
};
/// Of the first track of pictures; nothing where they are of another codec.
/// Spec: ISO/IEC 14496-15 §5.3.3 and §8.3.3.
std::optional<NalLayout> nal_layout(std::span<std::uint8_t const> initialisation);

} // namespace continuo::mp4
