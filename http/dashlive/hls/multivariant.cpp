#include "http/dashlive/hls/multivariant.hpp"

#include <algorithm>
#include <utility>

namespace continuo::dashlive {
namespace {

constexpr int multivariant_version = 6; // EXT-X-MAP in lists of whole segments (RFC 8216 §7)
constexpr std::string_view captions_group = "captions";

std::string group_id(HlsGroup const& group, HlsOrigin const& origin) {
    return origin.name.empty() ? group.id : group.id + '-' + origin.name;
}

/// A group whose members a variant may be played with; its widest counts for the variant's rate.
struct Choice {
    HlsGroup const* group{};
    HlsStream const* widest{};
};

/// No group at all where there is none.
std::vector<Choice> choices_of(std::vector<HlsGroup> const& groups) {
    std::vector<Choice> choices;
    for (auto const& group : groups)
        choices.push_back(
            {&group, &*std::ranges::max_element(group.members, {}, &HlsStream::bandwidth_bps)});
    if (choices.empty()) choices.emplace_back();
    return choices;
}

void add_codecs(std::string& all, std::string_view codecs) {
    if (codecs.empty() ||
        (',' + all + ',').find(',' + std::string(codecs) + ',') != std::string::npos)
        return;
    if (!all.empty()) all += ',';
    all += codecs;
}

void join(hls::VariantStream& variant, Choice const& choice) {
    if (!choice.widest) return;
    variant.bandwidth_bps += choice.widest->bandwidth_bps;
    variant.average_bandwidth_bps += choice.widest->average_bandwidth_bps;
    add_codecs(variant.codecs, choice.widest->codecs);
}

hls::VariantStream variant_of(HlsStream const& stream, HlsOrigin const& origin) {
    hls::VariantStream variant;
    variant.uri = origin.uri_of(stream.id);
    variant.bandwidth_bps = stream.bandwidth_bps;
    variant.average_bandwidth_bps = stream.average_bandwidth_bps;
    variant.codecs = stream.codecs;
    variant.width = stream.width;
    variant.height = stream.height;
    variant.frame_rate = stream.frame_rate;
    return variant;
}

class Writer {
public:
    explicit Writer(HlsStreams const& streams) : streams_(streams) {
        playlist_.version = multivariant_version;
        playlist_.independent_segments = streams.independent_segments;
    }

    void add(HlsOrigin const& origin) {
        auto const has_pictures = !streams_.pictures.empty();
        for (auto const& group : streams_.sound)
            if (has_pictures || group.members.size() > 1) add_renditions("AUDIO", group, origin);
        for (auto const& group : streams_.text)
            add_renditions("SUBTITLES", group, origin);
        for (auto const& sound : choices_of(streams_.sound))
            for (auto const& text : choices_of(streams_.text))
                if (has_pictures)
                    add_pictures(sound, text, origin);
                else
                    add_sound(sound, text, origin);
    }

    hls::MultivariantPlaylist finished() && {
        for (auto const& caption : streams_.captions) {
            hls::Rendition rendition;
            rendition.type = "CLOSED-CAPTIONS";
            rendition.group_id = captions_group;
            rendition.name = caption.language.empty() ? caption.channel : caption.language;
            rendition.language = caption.language;
            rendition.instream_id = caption.channel;
            rendition.autoselect = true;
            playlist_.renditions.push_back(std::move(rendition));
        }
        return std::move(playlist_);
    }

private:
    void add_renditions(std::string_view type, HlsGroup const& group, HlsOrigin const& origin) {
        auto const is_sound = type == "AUDIO";
        auto const chosen = std::ranges::find_if(group.members, &HlsStream::is_main);
        auto const first = chosen == group.members.end() ? group.members.begin() : chosen;
        for (auto member = group.members.begin(); member != group.members.end(); ++member) {
            hls::Rendition rendition;
            rendition.type = type;
            rendition.group_id = group_id(group, origin);
            rendition.name = member->name;
            rendition.uri = origin.uri_of(member->id);
            rendition.language = member->language;
            rendition.channels = is_sound ? member->channels : std::string();
            rendition.is_default = is_sound && member == first;
            rendition.autoselect = true;
            playlist_.renditions.push_back(std::move(rendition));
        }
    }

    void add_pictures(Choice const& sound, Choice const& text, HlsOrigin const& origin) {
        for (auto const& pictures : streams_.pictures) {
            auto variant = variant_of(pictures, origin);
            join(variant, sound);
            if (sound.group) variant.audio = group_id(*sound.group, origin);
            add(std::move(variant), text, origin);
        }
    }

    void add_sound(Choice const& sound, Choice const& text, HlsOrigin const& origin) {
        if (!sound.group) return;
        auto variant = variant_of(sound.group->members.front(), origin);
        variant.bandwidth_bps = sound.widest->bandwidth_bps;
        if (sound.group->members.size() > 1) variant.audio = group_id(*sound.group, origin);
        add(std::move(variant), text, origin);
    }

    void add(hls::VariantStream variant, Choice const& text, HlsOrigin const& origin) {
        join(variant, text);
        if (text.group) variant.subtitles = group_id(*text.group, origin);
        variant.closed_captions = streams_.captions.empty() ? "NONE" : captions_group;
        playlist_.variants.push_back(std::move(variant));
    }

    HlsStreams const& streams_;
    hls::MultivariantPlaylist playlist_;
};

} // namespace

hls::MultivariantPlaylist multivariant_playlist_of(HlsStreams const& streams,
                                                   std::vector<HlsOrigin> const& origins) {
    Writer writer(streams);
    for (auto const& origin : origins)
        writer.add(origin);
    return std::move(writer).finished();
}

} // namespace continuo::dashlive
