// The variants of a resegmented channel: what the input's master playlist names, each with a
// playlist of its own.
#pragma once

#include "core/base/result.hpp"
#include "core/config/config.hpp"
#include "core/hls/multivariant_playlist.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace continuo::supervisor {

/// One variant or rendition; the first leads, the others begin their segments where it does.
struct LadderMember {
    std::string name;     ///< of the channel's variant: "0", "1", ..., renditions behind variants
    std::string location; ///< of its media playlist, URL or path
    int height{};         ///< pixels; 0 where the master does not say
    std::optional<hls::Rendition> rendition{}; ///< EXT-X-MEDIA; nothing for a variant
    std::string audio_group{};                 ///< AUDIO of a variant: the renditions it goes with

    friend bool operator==(LadderMember const&, LadderMember const&) = default;
};
using Ladder = std::vector<LadderMember>;

/// `text`: the playlist at `location`; a media playlist is a ladder of one. Errors:
/// `Errc::malformed`; `Errc::unsupported` where it names nothing that can be cut, and for URIs of
/// other schemes.
Result<Ladder> ladder_of(std::string_view text, std::string const& location);

/// A resegmented channel as one of any other kind: its variants, and the source that all of them
/// are cut from. Without a ladder it stays as it is.
config::Channel with_ladder(config::Channel channel, Ladder const& ladder);

} // namespace continuo::supervisor
