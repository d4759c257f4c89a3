#include "http/status/dashboard.hpp"

#include "http/web/html.hpp"

#include <fmt/format.h>

namespace continuo::status {
namespace {

std::string variant_summary(contract::ChannelSnapshot const* snapshot) {
    if (!snapshot) return {};
    std::string summary;
    for (auto const& variant : snapshot->variants) {
        if (variant.height == 0) continue;
        if (!summary.empty()) summary += ", ";
        summary +=
            fmt::format("{} ({}\u00d7{}, {:.1f} Mbit/s)", web::escaped(variant.name), variant.width,
                        variant.height, static_cast<double>(variant.average_bandwidth_bps) / 1e6);
    }
    return summary;
}

/// Nothing where the channel has no playhead.
std::string playhead_summary(contract::ChannelSnapshot const* snapshot) {
    if (!snapshot || !snapshot->state.playhead) return {};
    auto const& playhead = *snapshot->state.playhead;
    auto const head = !playhead.name.empty()   ? web::escaped(playhead.name)
                      : !playhead.head.empty() ? "without a name"
                                               : "none yet";
    return fmt::format("Head: {} (API {})", head,
                       playhead.api_connected ? "connected" : "not connected");
}

std::string source_summary(Seen const& seen) {
    if (seen.snapshot) return web::escaped(seen.snapshot->state.source);
    if (seen.linear && !seen.linear->programmes.empty())
        return web::escaped(seen.linear->programmes.front().asset);
    return {};
}

std::string row(config::Channel const& channel, Seen const& seen, SteadyTime now) {
    auto const* const snapshot = seen.snapshot.get();
    auto const condition = condition_of(seen, now);
    auto const detail = [](std::string_view css_class, std::string const& html) {
        return html.empty() ? std::string()
                            : fmt::format("<p class=\"{}\">{}</p>", css_class, html);
    };
    bool const is_well = condition.on_air && condition.note.empty();
    return fmt::format("<li><h2><a href=\"/play/{0}\">{0}</a></h2>"
                       "<p class=\"state {1}\">{2}</p>{3}{4}{5}{6}"
                       "<p class=\"links\"><a href=\"/play/{0}\">Watch</a>"
                       "<a href=\"/live/{0}/master.m3u8\">Playlist</a>"
                       "<a href=\"/api/v1/channels/{0}\">Details</a></p></li>\n",
                       web::escaped(channel.name),
                       is_well            ? "well"
                       : condition.on_air ? "fair"
                                          : "ill",
                       web::escaped(condition.state), detail("note", web::escaped(condition.note)),
                       detail("source", source_summary(seen)),
                       detail("playhead", playhead_summary(snapshot)),
                       detail("variants", variant_summary(snapshot)));
}

} // namespace

std::string channel_list(config::Config const& config, FindSnapshot const& find, SteadyTime now) {
    if (config.channels.empty())
        return "<li class=\"none\">No channel is configured. Add one to config.yaml and "
               "reload.</li>\n";
    std::string list;
    for (auto const& channel : config.channels)
        list += row(channel, find(channel.name), now);
    return list;
}

} // namespace continuo::status
