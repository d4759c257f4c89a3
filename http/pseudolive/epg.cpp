#include "http/pseudolive/epg.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <string_view>

namespace continuo::pseudolive {
namespace {

constexpr std::size_t most_programmes = 500; // of a channel

std::string escaped(std::string_view text) {
    std::string xml;
    for (char const c : text) {
        switch (c) {
        case '&': xml += "&amp;"; break;
        case '<': xml += "&lt;"; break;
        case '>': xml += "&gt;"; break;
        case '"': xml += "&quot;"; break;
        default: xml += static_cast<unsigned char>(c) < ' ' ? '?' : c;
        }
    }
    return xml;
}

std::string date_text(WallTime time) {
    return fmt::format("{:%Y%m%d%H%M%S} +0000", std::chrono::floor<std::chrono::seconds>(time));
}

} // namespace

std::vector<Programme> programmes(View const& channel, WallTime now, WallTime until,
                                  std::size_t most) {
    std::vector<Programme> list;
    auto const& stream = *channel.stream;
    for (auto showing = stream.showing(now); list.size() < most && showing.start < until;
         showing = stream.after(showing))
        list.push_back({.asset = channel.item_names[showing.item],
                        .start = showing.start,
                        .end = showing.end});
    return list;
}

std::string xmltv(Views const& channels, WallTime now) {
    std::string names, listing;
    for (auto const& [name, view] : channels) {
        if (view->state != ViewState::ready) continue;
        names += fmt::format("  <channel id=\"{0}\">\n    <display-name>{0}</display-name>\n"
                             "  </channel>\n",
                             escaped(name));
        for (auto const& [asset, start, end] :
             programmes(*view, now, now + std::chrono::hours{24}, most_programmes))
            listing += fmt::format("  <programme start=\"{}\" stop=\"{}\" channel=\"{}\">\n"
                                   "    <title>{}</title>\n  </programme>\n",
                                   date_text(start), date_text(end), escaped(name), escaped(asset));
    }
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE tv SYSTEM \"xmltv.dtd\">\n"
           "<tv generator-info-name=\"Continuo\">\n" +
           names + listing + "</tv>\n";
}

} // namespace continuo::pseudolive
