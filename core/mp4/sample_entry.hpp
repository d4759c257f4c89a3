// The sample description (stsd): what codec a track has, in the words of playlists and manifests.
#pragma once

#include "core/base/result.hpp"
#include "core/mp4/box.hpp"

#include <cstdint>
#include <string>

namespace continuo::mp4 {

struct SampleEntry {
    FourCC format;      ///< as written; "encv", "enca" where samples are encrypted
    std::string codecs; ///< RFC 6381: "avc1.64001f", "mp4a.40.2"; of what is encrypted its own
    int width{};        ///< of pictures, in pixels; else 0
    int height{};
    unsigned channels{}; ///< of sound, else 0
    unsigned sample_rate_hz{};

    friend bool operator==(SampleEntry const&, SampleEntry const&) = default;
};

/// The first entry of `stsd`; an empty one when there is none. A codec whose configuration is not
/// read here, or is broken, goes by its four letters.
/// Errors, with the offset: `Errc::truncated`, `Errc::malformed`.
/// Spec: ISO/IEC 14496-12 §8.5.2 and §12; ISO/IEC 14496-15 Annex E; RFC 6381 §3.
Result<SampleEntry> parse_sample_entry(Box const& stsd);

} // namespace continuo::mp4
