// Segments encrypted on the way out (eccp_cenc, eccp_cbcs): Common Encryption with a key that
// anybody can have, so that players' handling of it can be tried. Pure: initialisation vectors
// follow from names and times.
#pragma once

#include "core/mp4/fragment_writer.hpp"
#include "core/mp4/protection.hpp"
#include "http/dashlive/session/session.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

namespace continuo::dashlive {

/// How `track` is encrypted. Errors: 400 for tracks that can't be: those that are on disk already,
/// and pictures that are neither AVC nor HEVC.
Answer<mp4::TrackProtection> protection_of(Session const& session, Track const& track);

/// Whether the session's options want the track encrypted.
bool is_to_be_encrypted(Session const& session, Track const& track) noexcept;

/// Encrypts samples of one track. Not to be shared between threads.
class SampleCipher {
public:
    /// `protection`: of this track.
    SampleCipher(Track const& track, mp4::TrackProtection const& protection);
    ~SampleCipher();
    SampleCipher(SampleCipher&&) noexcept;

    /// Encrypts `sample` in place; `decode_time` tells its vector from those of all others. Slices
    /// of pictures keep about a hundred bytes in front, more than any of their headers takes; other
    /// NAL units stay clear. Spec: ISO/IEC 23001-7 §9.5, §10.1 and §10.4.
    mp4::SampleProtection encrypt(std::span<std::uint8_t> sample, std::int64_t decode_time);

    /// Whether anything has to be said of single samples.
    bool has_sample_information() const noexcept;
    std::uint8_t vector_size() const noexcept;

private:
    class Cipher;

    std::string track_;
    mp4::TrackProtection protection_;
    std::optional<mp4::NalLayout> nal_units_;
    std::unique_ptr<Cipher> cipher_;
};

} // namespace continuo::dashlive
