#include "core/hls/rules/text_rules.hpp"

#include "core/hls/attribute_list.hpp"
#include "core/hls/line_reader.hpp"
#include "core/hls/value.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace continuo::hls::rules {
namespace {

/// Widely written although EXTINF without decimals would need less: no reader is lost by it.
constexpr int usual_version = 3;

/// Length of the UTF-8 sequence in front (RFC 3629), 0 when it is none.
std::size_t sequence_length(std::string_view text) noexcept {
    auto const byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    auto const length = byte(0) < 0x80   ? 1u
                        : byte(0) < 0xC2 ? 0u
                        : byte(0) < 0xE0 ? 2u
                        : byte(0) < 0xF0 ? 3u
                        : byte(0) < 0xF5 ? 4u
                                         : 0u;
    if (length > text.size()) return 0;
    for (std::size_t i = 1; i < length; ++i)
        if ((byte(i) & 0xC0) != 0x80) return 0;
    if (byte(0) == 0xE0 && byte(1) < 0xA0) return 0; // a longer form than needed
    if (byte(0) == 0xED && byte(1) > 0x9F) return 0; // a surrogate
    if (byte(0) == 0xF0 && byte(1) < 0x90) return 0;
    if (byte(0) == 0xF4 && byte(1) > 0x8F) return 0; // beyond U+10FFFF
    return length;
}

void check_characters(Remarks& remarks, std::string_view text) {
    if (text.starts_with(byte_order_mark)) broken(remarks, 1, "begins with a byte order mark");
    for (std::size_t i = 0; i < text.size();) {
        auto const length = sequence_length(text.substr(i));
        if (length == 0) return broken(remarks, 1, fmt::format("byte {} is not UTF-8", i));
        auto const c = static_cast<unsigned char>(text[i]);
        // A tab inside a line is harmless, and met in titles.
        if ((c < 0x20 && c != '\n' && c != '\r' && c != '\t') || c == 0x7F)
            return broken(remarks, 1,
                          fmt::format("byte {} is the control character 0x{:02X}", i, c));
        i += length;
    }
}

/// How often and where the tags stand that rules ask about.
struct Census {
    int versions{};
    std::optional<std::uint64_t> version;
    int target_durations{};
    std::string_view target_duration;
    int media_sequences{};
    int discontinuity_sequences{};
    std::optional<std::string_view> media_tag;   ///< one that only media playlists have
    std::optional<std::string_view> variant_tag; ///< one that only multivariant playlists have
    std::string_view playlist_type;
    bool segment_seen{false};
    bool discontinuity_seen{false};
    bool ended{false};
    std::vector<std::string_view> durations; ///< of EXTINF
    std::vector<std::string> misplaced;
};

constexpr std::array<std::string_view, 4> variant_tags{
    "#EXT-X-STREAM-INF", "#EXT-X-MEDIA", "#EXT-X-I-FRAME-STREAM-INF", "#EXT-X-SESSION-DATA"};
constexpr std::array<std::string_view, 7> media_tags{"#EXTINF",
                                                     "#EXT-X-TARGETDURATION",
                                                     "#EXT-X-MEDIA-SEQUENCE",
                                                     "#EXT-X-DISCONTINUITY-SEQUENCE",
                                                     "#EXT-X-DISCONTINUITY",
                                                     "#EXT-X-ENDLIST",
                                                     "#EXT-X-PLAYLIST-TYPE"};

void count_tag(Census& census, Tag const& tag) {
    auto const [name, value] = tag;
    if (std::ranges::find(media_tags, name) != media_tags.end()) census.media_tag = name;
    if (std::ranges::find(variant_tags, name) != variant_tags.end()) census.variant_tag = name;

    if (name == "#EXT-X-VERSION") {
        ++census.versions;
        census.version = parse_integer(value);
    } else if (name == "#EXT-X-TARGETDURATION") {
        ++census.target_durations;
        census.target_duration = value;
    } else if (name == "#EXT-X-MEDIA-SEQUENCE") {
        ++census.media_sequences;
        if (census.segment_seen)
            census.misplaced.emplace_back("MEDIA-SEQUENCE stands behind a segment");
    } else if (name == "#EXT-X-DISCONTINUITY-SEQUENCE") {
        ++census.discontinuity_sequences;
        if (census.segment_seen || census.discontinuity_seen)
            census.misplaced.emplace_back(
                "DISCONTINUITY-SEQUENCE stands behind a segment or a DISCONTINUITY");
    } else if (name == "#EXT-X-DISCONTINUITY") {
        census.discontinuity_seen = true;
    } else if (name == "#EXT-X-PLAYLIST-TYPE") {
        census.playlist_type = value;
    } else if (name == "#EXT-X-ENDLIST") {
        census.ended = true;
    } else if (name == "#EXTINF") {
        census.segment_seen = true;
        census.durations.push_back(value.substr(0, value.find(',')));
    }
}

Census census_of(std::string_view text) {
    Census census;
    LineReader lines{text};
    while (auto const line = lines.next())
        if (line->starts_with("#EXT")) count_tag(census, split_tag(*line));
    return census;
}

void check_version(Remarks& remarks, Census const& census, std::string_view text) {
    if (census.versions > 1)
        broken(remarks, 1, fmt::format("has {} VERSION tags", census.versions));
    if (census.versions > 0 && !census.version) return broken(remarks, 1, "VERSION is no number");
    auto const needed = needed_version(text);
    auto const version =
        static_cast<int>(std::min<std::uint64_t>(census.version.value_or(1), 1000));
    if (version < needed)
        broken(remarks, 1, fmt::format("VERSION is {}, its tags need {}", version, needed));
    if (census.media_tag && version > std::max(needed, usual_version))
        remarks.push_back({1, Weight::advice,
                           fmt::format("VERSION is {}, its tags need only {}", version, needed)});
}

void check_durations(Remarks& remarks, Census const& census) {
    if (census.target_durations != 1)
        return broken(remarks, 2,
                      fmt::format("has {} TARGETDURATION tags", census.target_durations));
    auto const target = parse_integer(census.target_duration);
    if (!target)
        return broken(
            remarks, 2,
            fmt::format("TARGETDURATION \"{}\" is no decimal integer", census.target_duration));
    for (auto const& text : census.durations) {
        auto const duration = parse_seconds(text);
        if (!duration)
            broken(remarks, 2, fmt::format("EXTINF \"{}\" is no decimal number", text));
        else if (seconds_of(*duration) >= static_cast<double>(*target) + 0.5)
            broken(remarks, 2,
                   fmt::format("EXTINF {} rounds to more than TARGETDURATION {}", text, *target));
    }
}

void check_places(Remarks& remarks, Census const& census) {
    if (census.media_sequences > 1)
        broken(remarks, 3, fmt::format("has {} MEDIA-SEQUENCE tags", census.media_sequences));
    if (census.discontinuity_sequences > 1)
        broken(remarks, 3,
               fmt::format("has {} DISCONTINUITY-SEQUENCE tags", census.discontinuity_sequences));
    for (auto const& misplaced : census.misplaced)
        broken(remarks, 3, misplaced);
    if (!census.playlist_type.empty() && !census.ended)
        broken(remarks, 3, fmt::format("is live and has PLAYLIST-TYPE {}", census.playlist_type));
}

int needed_version(Tag const& tag, bool only_intra_frames) {
    auto const attribute = [&](std::string_view name) {
        auto const attributes = AttributeList::parse(tag.value);
        return attributes && attributes->find(name).has_value();
    };
    if (tag.name == "#EXTINF")
        return tag.value.substr(0, tag.value.find(',')).find('.') == std::string_view::npos ? 1 : 3;
    if (tag.name == "#EXT-X-BYTERANGE" || tag.name == "#EXT-X-I-FRAMES-ONLY") return 4;
    if (tag.name == "#EXT-X-MAP") return only_intra_frames ? 5 : 6;
    if (tag.name == "#EXT-X-KEY")
        return attribute("KEYFORMAT") || attribute("KEYFORMATVERSIONS") ? 5
               : attribute("IV")                                        ? 2
                                                                        : 1;
    if (tag.name == "#EXT-X-DEFINE") return attribute("QUERYPARAM") ? 11 : 8;
    if (tag.name == "#EXT-X-SKIP") return attribute("RECENTLY-REMOVED-DATERANGES") ? 10 : 9;
    return 1;
}

} // namespace

int needed_version(std::string_view text) {
    auto const only_intra_frames = text.find("#EXT-X-I-FRAMES-ONLY") != std::string_view::npos;
    int needed = 1;
    LineReader lines{text};
    while (auto const line = lines.next())
        if (line->starts_with("#EXT"))
            needed = std::max(needed, needed_version(split_tag(*line), only_intra_frames));
    return needed;
}

Remarks check_text(std::string_view text) {
    Remarks remarks;
    check_characters(remarks, text);
    if (LineReader{text}.next() != std::string_view{"#EXTM3U"}) {
        broken(remarks, 1, "the first line is not #EXTM3U");
        return remarks;
    }
    auto const census = census_of(text);
    if (census.media_tag && census.variant_tag)
        broken(remarks, 1,
               fmt::format("has both {} and {}", *census.media_tag, *census.variant_tag));
    check_version(remarks, census, text);
    if (census.variant_tag) return remarks;
    check_durations(remarks, census);
    check_places(remarks, census);
    return remarks;
}

} // namespace continuo::hls::rules
