#include "core/hls/attribute_list.hpp"
#include "core/hls/line_reader.hpp"
#include "core/hls/media_playlist.hpp"
#include "core/hls/value.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

namespace continuo::hls {
namespace {

/// Collects tags until the URI that they belong to arrives. Each `read_` takes one tag's value.
class Reader {
public:
    explicit Reader(std::string_view text) noexcept : lines_(text) { playlist_.version = 1; }

    Result<MediaPlaylist> read();

private:
    using Read = Result<> (Reader::*)(std::string_view value);
    struct Entry {
        std::string_view tag;
        Read read;
    };
    static std::span<Entry const> entries() noexcept;

    Result<> read_line(std::string_view line);
    Result<> read_tag(std::string_view line);
    Result<> read_uri(std::string_view line);

    Result<> read_version(std::string_view value);
    Result<> read_target_duration(std::string_view value);
    Result<> read_media_sequence(std::string_view value);
    Result<> read_discontinuity_sequence(std::string_view value);
    Result<> read_playlist_type(std::string_view value);
    Result<> read_independent_segments(std::string_view);
    Result<> read_server_control(std::string_view value);
    Result<> read_end(std::string_view);
    Result<> read_duration(std::string_view value);
    Result<> read_discontinuity(std::string_view);
    Result<> read_date(std::string_view value);
    Result<> read_byte_range(std::string_view value);
    Result<> read_map(std::string_view value);
    Result<> read_key(std::string_view value);
    Result<> read_gap(std::string_view);
    Result<> refuse_variants(std::string_view);
    Result<> refuse_skip(std::string_view);
    Result<> pass_over(std::string_view) { return {}; }

    Error malformed(std::string_view what) const { return failed(Errc::malformed, what); }
    Error failed(Errc code, std::string_view what) const {
        return fail(code, "line " + std::to_string(lines_.number()) + ": " + std::string{what});
    }

    LineReader lines_;
    MediaPlaylist playlist_;
    MediaSegment pending_;
    std::optional<MediaMap> map_;
    std::vector<MediaKey> keys_;
    bool has_duration_{false};
    bool has_target_duration_{false};
};

std::span<Reader::Entry const> Reader::entries() noexcept {
    static constexpr std::array table{
        Entry{"#EXTINF", &Reader::read_duration},
        Entry{"#EXT-X-PROGRAM-DATE-TIME", &Reader::read_date},
        Entry{"#EXT-X-DISCONTINUITY", &Reader::read_discontinuity},
        Entry{"#EXT-X-BYTERANGE", &Reader::read_byte_range},
        Entry{"#EXT-X-MAP", &Reader::read_map},
        Entry{"#EXT-X-KEY", &Reader::read_key},
        Entry{"#EXT-X-GAP", &Reader::read_gap},
        Entry{"#EXT-X-VERSION", &Reader::read_version},
        Entry{"#EXT-X-TARGETDURATION", &Reader::read_target_duration},
        Entry{"#EXT-X-MEDIA-SEQUENCE", &Reader::read_media_sequence},
        Entry{"#EXT-X-DISCONTINUITY-SEQUENCE", &Reader::read_discontinuity_sequence},
        Entry{"#EXT-X-PLAYLIST-TYPE", &Reader::read_playlist_type},
        Entry{"#EXT-X-INDEPENDENT-SEGMENTS", &Reader::read_independent_segments},
        Entry{"#EXT-X-SERVER-CONTROL", &Reader::read_server_control},
        Entry{"#EXT-X-ENDLIST", &Reader::read_end},
        Entry{"#EXT-X-STREAM-INF", &Reader::refuse_variants},
        Entry{"#EXT-X-SKIP", &Reader::refuse_skip},
        // Tags of the whole list and of parts: known, and nothing that a segment would carry on.
        Entry{"#EXTM3U", &Reader::pass_over},
        Entry{"#EXT-X-ALLOW-CACHE", &Reader::pass_over},
        Entry{"#EXT-X-START", &Reader::pass_over},
        Entry{"#EXT-X-DEFINE", &Reader::pass_over},
        Entry{"#EXT-X-I-FRAMES-ONLY", &Reader::pass_over},
        Entry{"#EXT-X-PART-INF", &Reader::pass_over},
        Entry{"#EXT-X-PART", &Reader::pass_over},
        Entry{"#EXT-X-PRELOAD-HINT", &Reader::pass_over},
        Entry{"#EXT-X-RENDITION-REPORT", &Reader::pass_over},
        Entry{"#EXT-X-BITRATE", &Reader::pass_over},
    };
    return table;
}

Result<MediaPlaylist> Reader::read() {
    if (lines_.next() != std::string_view{"#EXTM3U"}) return malformed("is not #EXTM3U");
    while (auto const line = lines_.next())
        if (auto const read = read_line(*line); !read) return read.error();
    if (has_duration_) return failed(Errc::truncated, "#EXTINF without its URI");
    if (!has_target_duration_) return malformed("the playlist ends without a target duration");
    return std::move(playlist_);
}

Result<> Reader::read_line(std::string_view line) {
    if (line.empty()) return {};
    if (line.starts_with("#EXT")) return read_tag(line);
    if (line.starts_with('#')) return {}; // a comment
    return read_uri(line);
}

Result<> Reader::read_tag(std::string_view line) {
    auto const [name, value] = split_tag(line);
    auto const entry = std::ranges::find(entries(), name, &Entry::tag);
    if (entry != entries().end()) return (this->*entry->read)(value);
    pending_.extra_tags.emplace_back(line);
    return {};
}

Result<> Reader::read_uri(std::string_view line) {
    if (!has_duration_) return malformed("a URI without EXTINF");
    pending_.uri = line;
    pending_.map = map_;
    pending_.keys = keys_;
    playlist_.segments.push_back(std::exchange(pending_, {}));
    has_duration_ = false;
    return {};
}

Result<> Reader::read_version(std::string_view value) {
    auto const version = parse_integer(value);
    if (!version || *version == 0 || *version > 1000) return malformed("VERSION is no number");
    playlist_.version = static_cast<int>(*version);
    return {};
}

Result<> Reader::read_target_duration(std::string_view value) {
    auto const duration = parse_seconds(value);
    if (!duration) return malformed("TARGETDURATION is no number of seconds");
    playlist_.target_duration = std::chrono::ceil<std::chrono::seconds>(*duration);
    has_target_duration_ = true;
    return {};
}

Result<> Reader::read_media_sequence(std::string_view value) {
    auto const number = parse_integer(value);
    if (!number) return malformed("MEDIA-SEQUENCE is no number");
    playlist_.media_sequence = *number;
    return {};
}

Result<> Reader::read_discontinuity_sequence(std::string_view value) {
    auto const number = parse_integer(value);
    if (!number) return malformed("DISCONTINUITY-SEQUENCE is no number");
    playlist_.discontinuity_sequence = *number;
    return {};
}

Result<> Reader::read_playlist_type(std::string_view value) {
    playlist_.playlist_type = std::string{value};
    return {};
}

Result<> Reader::read_independent_segments(std::string_view) {
    playlist_.independent_segments = true;
    return {};
}

Result<> Reader::read_server_control(std::string_view value) {
    playlist_.server_control = std::string{value};
    return {};
}

Result<> Reader::read_end(std::string_view) {
    playlist_.ended = true;
    return {};
}

Result<> Reader::read_duration(std::string_view value) {
    auto const comma = value.find(',');
    auto const duration = parse_seconds(value.substr(0, comma));
    if (!duration) return malformed("EXTINF is no number of seconds");
    pending_.duration = *duration;
    pending_.title = comma == std::string_view::npos ? "" : std::string{value.substr(comma + 1)};
    has_duration_ = true;
    return {};
}

Result<> Reader::read_discontinuity(std::string_view) {
    pending_.discontinuity = true;
    return {};
}

Result<> Reader::read_date(std::string_view value) {
    pending_.program_date_time = parse_date(value);
    if (!pending_.program_date_time) return malformed("PROGRAM-DATE-TIME is no date");
    return {};
}

Result<> Reader::read_byte_range(std::string_view value) {
    pending_.byte_range = parse_byte_range(value);
    if (!pending_.byte_range) return malformed("BYTERANGE is not LENGTH[@OFFSET]");
    return {};
}

Result<> Reader::read_map(std::string_view value) {
    auto const attributes = AttributeList::parse(value);
    if (!attributes) return malformed("MAP: " + attributes.error().context);
    auto const uri = attributes->find("URI");
    if (!uri) return malformed("MAP without URI");
    MediaMap map{.uri = std::string{*uri}, .byte_range = {}};
    if (auto const range = attributes->find("BYTERANGE")) {
        map.byte_range = parse_byte_range(*range);
        if (!map.byte_range) return malformed("MAP: BYTERANGE is not LENGTH[@OFFSET]");
    }
    map_ = std::move(map);
    return {};
}

Result<> Reader::read_key(std::string_view value) {
    auto const attributes = AttributeList::parse(value);
    if (!attributes) return malformed("KEY: " + attributes.error().context);
    if (attributes->find("METHOD") == std::string_view{"NONE"}) {
        keys_.clear();
        return {};
    }
    MediaKey key;
    if (auto const format = attributes->find("KEYFORMAT")) key.format = *format;
    key.attributes = value;
    auto const same = std::ranges::find(keys_, key.format, &MediaKey::format);
    if (same == keys_.end())
        keys_.push_back(std::move(key));
    else
        *same = std::move(key);
    return {};
}

Result<> Reader::read_gap(std::string_view) {
    pending_.gap = true;
    return {};
}

Result<> Reader::refuse_variants(std::string_view) {
    return failed(Errc::unsupported, "a list of variants where segments were expected");
}

Result<> Reader::refuse_skip(std::string_view) {
    return failed(Errc::unsupported, "a delta update where a whole playlist was expected");
}

} // namespace

Result<MediaPlaylist> parse_media_playlist(std::string_view text) {
    return Reader{text}.read();
}

bool is_playlist(std::string_view text) noexcept {
    return LineReader{text}.next() == std::string_view{"#EXTM3U"};
}

bool is_multivariant(std::string_view text) noexcept {
    static constexpr std::array<std::string_view, 4> tags{
        "#EXT-X-STREAM-INF", "#EXT-X-MEDIA", "#EXT-X-I-FRAME-STREAM-INF", "#EXT-X-SESSION-DATA"};
    LineReader lines{text};
    while (auto const line = lines.next())
        if (std::ranges::find(tags, split_tag(*line).name) != tags.end()) return true;
    return false;
}

} // namespace continuo::hls
