#include "core/config/channel_text.hpp"

#include <fmt/format.h>

namespace continuo::config {
namespace {

std::string duration_text(milliseconds duration) {
    if (duration % seconds{1} == milliseconds::zero())
        return fmt::format("{}s", duration / seconds{1});
    return fmt::format("{}ms", duration.count());
}

std::string bitrate_text(std::uint64_t bps) {
    if (bps % 1000 == 0) return fmt::format("{}k", bps / 1000);
    return fmt::format("{}.{:03}k", bps / 1000, bps % 1000);
}

std::string variant_text(Variant const& variant) {
    if (variant.copy) return fmt::format("      - {{ name: \"{}\", copy: true }}\n", variant.name);
    return fmt::format("      - {{ name: \"{}\", height: {}, video_bitrate: {}, audio_bitrate: {}, "
                       "preset: {} }}\n",
                       variant.name, variant.height, bitrate_text(variant.video_bitrate_bps),
                       bitrate_text(variant.audio_bitrate_bps), variant.preset);
}

std::string icecast_text(Icecast const& icecast) {
    return fmt::format("    icecast:\n"
                       "      host: \"{}\"\n"
                       "      port: {}\n"
                       "      password_file: {}\n"
                       "      mount: {}\n"
                       "      bitrate: {}\n"
                       "      format: {}\n",
                       icecast.host, icecast.port, icecast.password_file->string(), icecast.mount,
                       bitrate_text(icecast.bitrate_bps),
                       icecast.format == Icecast::Format::mp3 ? "mp3" : "aac");
}

} // namespace

// What stands in quotes has passed a parser that takes neither quotes nor backslashes.
std::string channel_text(Channel const& channel) {
    auto const& playhead = *channel.playhead;
    auto text =
        fmt::format("  - name: {}\n"
                    "    playhead:\n"
                    "      api_url: \"{}\"\n"
                    "      core_api_hostname: \"{}\"\n"
                    "      restreamer_internal_url: \"{}\"\n"
                    "      transition_timeout: {}\n"
                    "    segment_time: {}\n"
                    "    window: {}\n"
                    "    variants:\n",
                    channel.name, playhead.api_url, playhead.core_api_hostname,
                    playhead.restreamer_internal_url, duration_text(playhead.transition_timeout),
                    duration_text(channel.segment_time), channel.window);
    for (auto const& variant : channel.variants)
        text += variant_text(variant);
    if (channel.icecast) text += icecast_text(*channel.icecast);
    return text;
}

} // namespace continuo::config
