// What of an MPD can be played by HLS: which Representations are variants, and how those of sound
// and of text make up groups of renditions. For hls_multivariant.cpp. Pure.
#pragma once

#include "http/dashlive/asset/asset.hpp"
#include "http/dashlive/options/options.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace continuo::dashlive {

/// A Representation, or a track of subtitles that we make up; texts are fit for a quoted string.
struct HlsStream {
    std::string id; ///< of the Representation
    std::string codecs;
    std::uint64_t bandwidth_bps{}; ///< peak
    std::uint64_t average_bandwidth_bps{};
    int width{}, height{};
    double frame_rate{};
    std::string name; ///< for people, unique in its group
    std::string language;
    std::string channels;
    bool is_main{false};
};

/// Renditions of which a client takes one.
struct HlsGroup {
    std::string id; ///< of its type, sound or text, no other has it
    std::vector<HlsStream> members;
};

/// Captions inside of the pictures (CEA-608).
struct HlsCaption {
    std::string channel; ///< "CC1"
    std::string language;
};

struct HlsStreams {
    std::vector<HlsStream> pictures;
    /// By codec and by rank: the first has the lowest of every set, and so on. Of a session without
    /// pictures each is a variant.
    std::vector<HlsGroup> sound;
    std::vector<HlsGroup> text; ///< by codec
    std::vector<HlsCaption> captions;
    bool independent_segments{false}; ///< each of the pictures' begins with a keyframe, as the MPD
                                      ///< has it
};

/// Images, and pictures for trick modes, are left out.
HlsStreams hls_streams_of(Asset const& asset, Manifest const& manifest, Options const& options);

} // namespace continuo::dashlive
