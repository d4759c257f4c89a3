#include "http/status/dashboard.hpp"

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
            fmt::format("{} ({}\u00d7{}, {:.1f} Mbit/s)", escaped(variant.name), variant.width,
                        variant.height, static_cast<double>(variant.average_bandwidth_bps) / 1e6);
    }
    return summary;
}

/// Nothing where the channel has no playhead.
std::string playhead_summary(contract::ChannelSnapshot const* snapshot) {
    if (!snapshot || !snapshot->state.playhead) return {};
    auto const& playhead = *snapshot->state.playhead;
    auto const head = !playhead.name.empty()   ? escaped(playhead.name)
                      : !playhead.head.empty() ? "without a name"
                                               : "none yet";
    return fmt::format("Head: {} (API {})", head,
                       playhead.api_connected ? "connected" : "not connected");
}

std::string source_summary(Seen const& seen) {
    if (seen.snapshot) return escaped(seen.snapshot->state.source);
    if (seen.linear && !seen.linear->programmes.empty())
        return escaped(seen.linear->programmes.front().asset);
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
                       escaped(channel.name),
                       is_well            ? "well"
                       : condition.on_air ? "fair"
                                          : "ill",
                       escaped(condition.state), detail("note", escaped(condition.note)),
                       detail("source", source_summary(seen)),
                       detail("playhead", playhead_summary(snapshot)),
                       detail("variants", variant_summary(snapshot)));
}

} // namespace

std::string escaped(std::string_view text) {
    std::string html;
    html.reserve(text.size());
    for (char const c : text) {
        switch (c) {
        case '&': html += "&amp;"; break;
        case '<': html += "&lt;"; break;
        case '>': html += "&gt;"; break;
        case '"': html += "&quot;"; break;
        case '\'': html += "&#39;"; break;
        default: html += c;
        }
    }
    return html;
}

std::string channel_list(config::Config const& config, FindSnapshot const& find, SteadyTime now) {
    if (config.channels.empty())
        return "<li class=\"none\">No channel is configured. Add one to config.yaml and "
               "reload.</li>\n";
    std::string list;
    for (auto const& channel : config.channels)
        list += row(channel, find(channel.name), now);
    return list;
}

std::string filled(std::string_view page, std::string_view name, std::string_view text) {
    auto const mark = fmt::format("{{{{{}}}}}", name);
    std::string result;
    for (auto place = page.find(mark); place != std::string_view::npos; place = page.find(mark)) {
        result.append(page.substr(0, place)).append(text);
        page.remove_prefix(place + mark.size());
    }
    return result.append(page);
}

} // namespace continuo::status
