// The playlists of an asset's folder, read and made comparable: the first step from a folder to an
// asset. Looks at no media.
#pragma once

#include "core/hls/media_playlist.hpp"
#include "core/hls/multivariant_playlist.hpp"
#include "http/storage/refusal.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace continuo::pseudolive {

namespace fs = std::filesystem;

/// One media playlist.
struct InputTrack {
    std::string id;       ///< in URLs: letters, digits and "-._~"; unique in the asset
    std::string playlist; ///< its path, from the asset's folder on
    std::string label;    ///< for people: variant "720p"
    bool is_text{false};  ///< subtitles: nobody measures them, or asks for their discontinuities
    int version{1};
    bool independent_segments{false};
    std::vector<hls::MediaSegment> segments; ///< normalised (normalised.hpp)
};

struct Input {
    /// URIs are ids of `tracks`. Of a lone media playlist: one variant, about which nothing is
    /// said.
    hls::MultivariantPlaylist master;
    std::vector<InputTrack> tracks; ///< variants in their order, then renditions
};

/// Reads `abr.m3u8`, or else the one master that there is, or the one media playlist, and all that
/// it names. Nothing for a folder without any *.m3u8: it is no stream.
storage::Accepted<std::optional<Input>> read_input(fs::path const& folder);

} // namespace continuo::pseudolive
