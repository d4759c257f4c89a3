#include "supervisor/channel/text_renditions.hpp"

#include "supervisor/run/film_texts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace continuo::supervisor {
namespace {

constexpr std::uint64_t bandwidth_of_texts = 1000; // bit/s

/// In a playlist a name stands in double quotes.
std::string quotable(std::string text) {
    std::ranges::replace(text, '"', '\'');
    return text;
}

std::vector<hls::Rendition> renditions_of(std::vector<media::FilmTrack> const& tracks) {
    std::vector<hls::Rendition> renditions;
    for (auto const& track : tracks) {
        auto name = quotable(!track.title.empty() ? track.title : track.language);
        if (name.empty() ||
            std::ranges::find(renditions, name, &hls::Rendition::name) != renditions.end())
            name += fmt::format("{}{}", name.empty() ? "" : " ", track.number);
        auto& rendition = renditions.emplace_back();
        rendition.type = "SUBTITLES";
        rendition.group_id = "texts";
        rendition.name = std::move(name);
        rendition.language = quotable(track.language);
    }
    return renditions;
}

} // namespace

void add_text_renditions(contract::ChannelSnapshot& snapshot, media::Film const& film) {
    auto const texts = renditions_of(text_tracks(film));
    for (std::size_t index = 0; index < texts.size(); ++index) {
        snapshot.variants.push_back({.name = text_rendition(index),
                                     .bandwidth_bps = bandwidth_of_texts,
                                     .codecs = "wvtt",
                                     .rendition = texts[index]});
        for (auto& segment : snapshot.segments)
            segment.files.push_back(text_path(index, segment.files.front()));
    }
}

std::vector<std::string> text_files(media::Film const& film,
                                    std::vector<std::string> const& segments) {
    std::vector<std::string> files;
    auto const count = text_tracks(film).size();
    for (auto const& segment : segments)
        for (std::size_t index = 0; index < count; ++index)
            if (auto file = text_path(index, segment); !file.empty())
                files.push_back(std::move(file));
    return files;
}

} // namespace continuo::supervisor
