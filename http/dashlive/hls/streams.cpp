#include "http/dashlive/hls/streams.hpp"

#include "core/hls/value.hpp"
#include "http/dashlive/media/timed_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

namespace continuo::dashlive {
namespace {

using dash::Element;

constexpr int largest_side = 65'535; // pixels

/// A Representation in its AdaptationSet; views of the manifest.
struct Source {
    Element const* set{};
    Element const* representation{};
    Track const* track{};

    /// What holds for a whole set may stand there.
    std::string_view attribute(std::string_view name) const {
        if (auto const* own = representation->find_attribute(name)) return *own;
        auto const* shared = set->find_attribute(name);
        return shared ? std::string_view(*shared) : std::string_view{};
    }
};

/// Double quotes and line ends can't be in a quoted string (RFC 8216 §4.2).
std::string quotable(std::string_view text) {
    std::string fit;
    for (auto const letter : text) {
        if (letter == '"')
            fit += '\'';
        else
            fit += static_cast<unsigned char>(letter) < 0x20 ? ' ' : letter;
    }
    return fit;
}

int side(std::string_view text) {
    auto const pixels = hls::parse_integer(text);
    return pixels && *pixels <= largest_side ? static_cast<int>(*pixels) : 0;
}

/// "25", "30000/1001".
double frame_rate(std::string_view text) {
    auto const slash = text.find('/');
    auto const units = hls::parse_decimal(text.substr(0, slash));
    auto const per = slash == std::string_view::npos ? std::optional(1.0)
                                                     : hls::parse_decimal(text.substr(slash + 1));
    return units && per && *per > 0 ? *units / *per : 0;
}

/// How many channels, where the scheme tells that by a number.
std::string channels_of(Source const& source) {
    for (auto const* const element : {source.representation, source.set}) {
        auto const* const configuration = element->find_child("AudioChannelConfiguration");
        if (!configuration) continue;
        auto const* const scheme = configuration->find_attribute("schemeIdUri");
        auto const* const value = configuration->find_attribute("value");
        auto const is_count =
            scheme && scheme->find("23003:3:audio_channel_configuration") != std::string::npos;
        if (is_count && value && hls::parse_integer(*value)) return *value;
    }
    return {};
}

bool has_descriptor(Element const& set, std::string_view name, std::string_view scheme) {
    return std::ranges::any_of(set.children, [&](Element const& child) {
        auto const* const uri = child.find_attribute("schemeIdUri");
        return dash::local_name(child.name) == name && uri && *uri == scheme;
    });
}

bool is_main(Element const& set) {
    return std::ranges::any_of(set.children, [](Element const& child) {
        auto const* const value = child.find_attribute("value");
        return dash::local_name(child.name) == "Role" && value && *value == "main";
    });
}

struct Rate {
    std::uint64_t peak_bps{}, mean_bps{};
};

std::uint64_t bits_per_second(std::uint64_t bytes, std::int64_t units, std::uint32_t timescale) {
    constexpr std::uint64_t most = std::numeric_limits<std::uint64_t>::max() / 8;
    if (units <= 0) return 0;
    auto const bits = static_cast<double>(std::min(bytes, most)) * 8;
    return static_cast<std::uint64_t>(bits * timescale / static_cast<double>(units));
}

/// What lies on disk; a tenth more for what fragments, events and the sound's own grid add to it.
Rate rate_of(Track const& track) {
    Rate rate;
    std::uint64_t bytes = 0;
    std::int64_t units = 0;
    for (auto const& segment : track.segments) {
        bytes += segment.part.bytes;
        units += segment.duration;
        rate.peak_bps = std::max(
            rate.peak_bps, bits_per_second(segment.part.bytes, segment.duration, track.timescale));
    }
    rate.peak_bps += rate.peak_bps / 10;
    rate.mean_bps = bits_per_second(bytes, units, track.timescale);
    return rate;
}

HlsStream stream_of(Source const& source) {
    auto const& track = *source.track;
    auto const rate = rate_of(track);
    auto const* const label = source.set->find_child("Label");
    HlsStream stream;
    stream.id = track.id;
    stream.codecs = quotable(track.codecs);
    stream.bandwidth_bps = std::max(rate.peak_bps, track.bandwidth_bps);
    stream.average_bandwidth_bps = rate.mean_bps;
    stream.width = side(source.attribute("width"));
    stream.height = side(source.attribute("height"));
    stream.frame_rate = frame_rate(source.attribute("frameRate"));
    auto const language = source.attribute("lang");
    if (language != "und") stream.language = quotable(language); // RFC 5646: undetermined
    stream.name = label && !label->text.empty() ? quotable(label->text) : stream.language;
    stream.channels = channels_of(source);
    stream.is_main = is_main(*source.set);
    return stream;
}

/// The sets of `content`, each with its Representations from the lowest bit rate up.
std::vector<std::vector<Source>> sets_of(Asset const& asset, Manifest const& manifest,
                                         Content content) {
    constexpr std::string_view trick_modes = "http://dashif.org/guidelines/trickmode";
    std::vector<std::vector<Source>> sets;
    auto const* const period = manifest.root.find_child("Period");
    if (!period) return sets;
    for (auto const& set : period->children) {
        if (dash::local_name(set.name) != "AdaptationSet" ||
            has_descriptor(set, "EssentialProperty", trick_modes))
            continue;
        std::vector<Source> sources;
        for (auto const& child : set.children) {
            auto const* const id = child.find_attribute("id");
            if (dash::local_name(child.name) != "Representation" || !id) continue;
            auto const track = asset.tracks.find(*id);
            if (track != asset.tracks.end() && track->second->content == content)
                sources.push_back({&set, &child, track->second.get()});
        }
        if (sources.empty()) continue;
        std::ranges::stable_sort(sources, {},
                                 [](Source const& source) { return source.track->bandwidth_bps; });
        sets.push_back(std::move(sources));
    }
    return sets;
}

/// "mp4a" of "mp4a.40.2".
std::string family_of(std::string_view codecs) {
    return quotable(codecs.substr(0, codecs.find('.')));
}

/// NAME is unique in its group (RFC 8216 §4.3.4.1.1), and never empty.
void give_names(HlsGroup& group, std::string_view otherwise) {
    std::map<std::string, int> times;
    for (auto& member : group.members) {
        if (member.name.empty()) member.name = otherwise;
        if (auto const before = times[member.name]++; before > 0)
            member.name += fmt::format(" {}", before + 1);
    }
}

HlsGroup& group_called(std::vector<HlsGroup>& groups, std::string_view id) {
    auto const found = std::ranges::find(groups, id, &HlsGroup::id);
    if (found != groups.end()) return *found;
    return groups.emplace_back(HlsGroup{.id = std::string(id), .members = {}});
}

/// A set with fewer Representations than another of its codec stands in with its best.
std::vector<HlsGroup> sound_of(std::vector<std::vector<Source>> const& sets) {
    std::map<std::string, std::size_t> ranks; ///< of each codec
    for (auto const& set : sets) {
        auto& most = ranks[family_of(set.front().track->codecs)];
        most = std::max(most, set.size());
    }
    std::vector<HlsGroup> groups;
    for (auto const& set : sets) {
        auto const family = family_of(set.front().track->codecs);
        for (std::size_t rank = 0; rank < ranks[family]; ++rank)
            group_called(groups, fmt::format("{}-{}", family, rank + 1))
                .members.push_back(stream_of(set[std::min(rank, set.size() - 1)]));
    }
    for (auto& group : groups)
        give_names(group, "Sound");
    return groups;
}

/// As HLS calls IMSC1 text (RFC 8216bis §3.1.6): TTML in MP4 says no more than "stpp" in many MPDs.
std::string text_codecs(std::string const& codecs) {
    return codecs == "stpp" ? "stpp.ttml.im1t" : codecs;
}

std::vector<HlsGroup> text_of(std::vector<std::vector<Source>> const& sets, Asset const& asset,
                              Options const& options) {
    std::vector<HlsGroup> groups;
    auto const add = [&](HlsStream stream) {
        stream.codecs = text_codecs(stream.codecs);
        group_called(groups, stream.codecs).members.push_back(std::move(stream));
    };
    for (auto const& set : sets)
        add(stream_of(set.front()));
    for (auto const& text : timed_texts_of(options)) {
        auto const bandwidth = bandwidth_of(text.format, asset);
        HlsStream stream;
        stream.id = text.id;
        stream.codecs = codecs_of(text.format);
        stream.bandwidth_bps = bandwidth;
        stream.average_bandwidth_bps = bandwidth;
        stream.language = quotable(text.language);
        stream.name = stream.language;
        add(std::move(stream));
    }
    for (auto& group : groups)
        give_names(group, "Subtitles");
    return groups;
}

/// "CC1=eng;CC3=swe", or "eng;swe" for CC1, CC2 (SCTE 214-1 §7.3).
std::vector<HlsCaption> captions_in(std::string_view value) {
    std::vector<HlsCaption> captions;
    while (!value.empty() && captions.size() < 4) {
        auto const entry = value.substr(0, value.find(';'));
        value.remove_prefix(std::min(value.size(), entry.size() + 1));
        auto const equals = entry.find('=');
        if (equals == std::string_view::npos)
            captions.push_back(
                {.channel = fmt::format("CC{}", captions.size() + 1), .language = quotable(entry)});
        else
            captions.push_back({.channel = quotable(entry.substr(0, equals)),
                                .language = quotable(entry.substr(equals + 1))});
    }
    return captions;
}

std::vector<HlsCaption> captions_of(std::vector<std::vector<Source>> const& sets) {
    for (auto const& set : sets)
        for (auto const& child : set.front().set->children) {
            auto const* const scheme = child.find_attribute("schemeIdUri");
            auto const* const value = child.find_attribute("value");
            if (dash::local_name(child.name) == "Accessibility" && scheme && value &&
                *scheme == "urn:scte:dash:cc:cea-608:2015")
                return captions_in(*value);
        }
    return {};
}

bool starts_with_keyframes(std::vector<std::vector<Source>> const& sets) {
    return std::ranges::all_of(sets, [](std::vector<Source> const& set) {
        return std::ranges::all_of(set, [](Source const& source) {
            auto const type = source.attribute("startWithSAP");
            return type == "1" || type == "2";
        });
    });
}

} // namespace

HlsStreams hls_streams_of(Asset const& asset, Manifest const& manifest, Options const& options) {
    auto const pictures = sets_of(asset, manifest, Content::video);
    HlsStreams streams;
    for (auto const& set : pictures)
        for (auto const& source : set)
            streams.pictures.push_back(stream_of(source));
    streams.sound = sound_of(sets_of(asset, manifest, Content::audio));
    streams.text = text_of(sets_of(asset, manifest, Content::text), asset, options);
    streams.captions = captions_of(pictures);
    streams.independent_segments = starts_with_keyframes(pictures);
    return streams;
}

} // namespace continuo::dashlive
