#include "http/live/alias.hpp"

#include "core/config/config.hpp"
#include "http/live/render.hpp"

#include <fmt/format.h>

#include <charconv>
#include <string>

namespace continuo::live {
namespace {

/// A segment's URL below /live/CHANNEL/.
std::string below_channel(contract::SegmentPath const& path) {
    return path.variant + '/' + contract::uri_in(path.variant, path);
}

} // namespace

std::optional<std::size_t> stream_number(std::string_view directory) noexcept {
    constexpr std::string_view prefix = "stream_";
    if (!directory.starts_with(prefix)) return std::nullopt;
    auto const digits = directory.substr(prefix.size());
    if (digits.size() > 1 && digits.front() == '0') return std::nullopt;
    std::size_t number{};
    auto const* const end = digits.data() + digits.size();
    auto const [rest, failure] = std::from_chars(digits.data(), end, number);
    if (failure != std::errc{} || rest != end) return std::nullopt;
    return number;
}

std::optional<hls::MediaPlaylist> copy_stream(contract::ChannelSnapshot const& snapshot) {
    if (snapshot.variants.empty()) return std::nullopt;
    auto const& first = snapshot.variants.front().name;
    return media_playlist(snapshot, 0, [&](contract::SegmentPath const& path) {
        return path.variant == first
                   ? contract::uri_in(first, path)
                   : fmt::format("{}/{}", config::aliased_channel, below_channel(path));
    });
}

std::optional<hls::MultivariantPlaylist> ladder_stream(contract::ChannelSnapshot const& snapshot) {
    return multivariant_playlist(snapshot, [](std::size_t variant) {
        return fmt::format("stream_{}/playlist.m3u8", variant);
    });
}

std::optional<hls::MediaPlaylist> numbered_stream(contract::ChannelSnapshot const& snapshot,
                                                  std::size_t variant) {
    return media_playlist(snapshot, variant, [](contract::SegmentPath const& path) {
        return fmt::format("../{}/{}", config::aliased_channel, below_channel(path));
    });
}

hls::MediaPlaylist empty_stream(std::chrono::seconds target_duration) {
    hls::MediaPlaylist playlist;
    playlist.target_duration = target_duration;
    return playlist;
}

} // namespace continuo::live
