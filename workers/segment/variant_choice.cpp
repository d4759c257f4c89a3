#include "workers/segment/variant_choice.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace continuo::segment {
namespace {

/// What CODECS calls sound (RFC 6381); anything else is a picture or comes with one.
constexpr std::array<std::string_view, 7> sound{"mp4a", "ac-3", "ec-3", "ac-4",
                                                "opus", "flac", "fLaC"};

bool is_sound(std::string_view codec) {
    codec.remove_prefix(std::min(codec.find_first_not_of(' '), codec.size()));
    return std::ranges::any_of(sound,
                               [&](std::string_view prefix) { return codec.starts_with(prefix); });
}

bool may_have_video(hls::VariantStream const& variant) {
    if (variant.width > 0 || variant.codecs.empty()) return true;
    std::string_view codecs = variant.codecs;
    for (;;) {
        auto const comma = codecs.find(',');
        if (!is_sound(codecs.substr(0, comma))) return true;
        if (comma == std::string_view::npos) return false;
        codecs.remove_prefix(comma + 1);
    }
}

/// A group of renditions with URIs only: the variant's own segments have no sound.
bool has_its_sound_elsewhere(hls::MultivariantPlaylist const& playlist,
                             hls::VariantStream const& variant) {
    bool is_elsewhere = false;
    for (auto const& rendition : playlist.renditions) {
        if (rendition.type != "AUDIO" || rendition.group_id != variant.audio) continue;
        if (!rendition.uri) return false;
        is_elsewhere = true;
    }
    return is_elsewhere;
}

} // namespace

Result<std::string> variant_of(hls::MultivariantPlaylist const& playlist) {
    hls::VariantStream const* best = nullptr;
    for (auto const& variant : playlist.variants) {
        if (!may_have_video(variant)) continue;
        if (!best || variant.bandwidth_bps > best->bandwidth_bps) best = &variant;
    }
    if (!best) return fail(Errc::unsupported, "no variant has video");
    if (!best->audio.empty() && has_its_sound_elsewhere(playlist, *best)) {
        return fail(Errc::unsupported, "its sound is in a playlist of its own");
    }
    return best->uri;
}

} // namespace continuo::segment
