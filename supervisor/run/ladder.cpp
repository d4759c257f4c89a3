#include "supervisor/run/ladder.hpp"

#include "core/hls/location.hpp"
#include "core/hls/media_playlist.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace continuo::supervisor {
namespace {

constexpr std::size_t max_members = 32;

/// Variants of one URI differ in what they are combined with; it is cut once.
bool is_known(Ladder const& ladder, std::string const& location) {
    return std::ranges::find(ladder, location, &LadderMember::location) != ladder.end();
}

Result<> add(Ladder& ladder, LadderMember member, std::string const& base, std::string const& uri) {
    auto location = hls::resolved(base, uri);
    if (!location) return location.error();
    if (is_known(ladder, *location)) return {};
    if (ladder.size() == max_members)
        return fail(Errc::unsupported, fmt::format("it has more than {} variants", max_members));
    member.name = std::to_string(ladder.size());
    member.location = *std::move(location);
    ladder.push_back(std::move(member));
    return {};
}

/// Text renditions are files of their own kind, which no segmenter cuts.
bool is_cut(hls::Rendition const& rendition) {
    return rendition.uri && rendition.type == "AUDIO";
}

} // namespace

Result<Ladder> ladder_of(std::string_view text, std::string const& location) {
    if (!hls::is_multivariant(text)) {
        if (auto const read = hls::parse_media_playlist(text); !read) return read.error();
        return Ladder{{.name = "0", .location = location}};
    }
    auto const master = hls::parse_multivariant_playlist(text);
    if (!master) return master.error();
    Ladder ladder;
    for (auto const& variant : master->variants)
        if (auto const added = add(ladder,
                                   {.name = {},
                                    .location = {},
                                    .height = variant.height,
                                    .audio_group = variant.audio},
                                   location, variant.uri);
            !added)
            return added.error();
    if (ladder.empty()) return fail(Errc::unsupported, "it names no variant");
    for (auto const& rendition : master->renditions) {
        if (!is_cut(rendition)) continue;
        auto const added = add(ladder, {.name = {}, .location = {}, .rendition = rendition},
                               location, *rendition.uri);
        if (!added) return added.error();
    }
    return ladder;
}

config::Channel with_ladder(config::Channel channel, Ladder const& ladder) {
    if (ladder.empty()) return channel;
    for (auto const& member : ladder)
        channel.variants.push_back({.name = member.name,
                                    .copy = channel.variants.empty(),
                                    .height = member.height,
                                    .preset = {}});
    channel.sources = {{.kind = config::Source::Kind::file,
                        .location = channel.resegment->master,
                        .loop = channel.resegment->loop,
                        .test = {}}};
    return channel;
}

} // namespace continuo::supervisor
