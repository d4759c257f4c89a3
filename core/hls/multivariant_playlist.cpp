#include "core/hls/multivariant_playlist.hpp"

#include "core/hls/attribute_list.hpp"
#include "core/hls/line_reader.hpp"
#include "core/hls/value.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <span>
#include <utility>

namespace continuo::hls {
namespace {

constexpr std::array<std::string_view, 10> known_of_variants{
    "BANDWIDTH", "AVERAGE-BANDWIDTH", "CODECS",          "RESOLUTION", "FRAME-RATE", "AUDIO",
    "VIDEO",     "SUBTITLES",         "CLOSED-CAPTIONS", "URI"};
constexpr std::array<std::string_view, 11> known_of_renditions{
    "TYPE",     "GROUP-ID", "NAME",       "URI",   "LANGUAGE", "INSTREAM-ID", "CHARACTERISTICS",
    "CHANNELS", "DEFAULT",  "AUTOSELECT", "FORCED"};

constexpr std::uint64_t largest_side = 65'535; // pixels

/// Writes one tag's attributes; what is empty or zero is left out.
class AttributeWriter {
public:
    AttributeWriter(std::string& text, std::string_view tag) : text_(text) { text_ += tag; }
    ~AttributeWriter() { text_ += '\n'; }
    AttributeWriter(AttributeWriter const&) = delete;
    AttributeWriter& operator=(AttributeWriter const&) = delete;

    void plain(std::string_view name, std::string_view value) {
        if (value.empty()) return;
        fmt::format_to(std::back_inserter(text_), "{}{}={}", separator_, name, value);
        separator_ = ',';
    }
    void quoted(std::string_view name, std::string_view value) {
        if (!value.empty()) plain(name, fmt::format("\"{}\"", value));
    }
    void all(FurtherAttributes const& attributes) {
        for (auto const& [name, value] : attributes)
            plain(name, value);
    }
    void number(std::string_view name, std::uint64_t value) {
        if (value != 0) plain(name, fmt::to_string(value));
    }

private:
    std::string& text_;
    char separator_{':'};
};

void write(std::string& text, Rendition const& rendition) {
    AttributeWriter out{text, "#EXT-X-MEDIA"};
    out.plain("TYPE", rendition.type);
    out.quoted("GROUP-ID", rendition.group_id);
    out.quoted("NAME", rendition.name);
    out.quoted("LANGUAGE", rendition.language);
    if (rendition.is_default) out.plain("DEFAULT", "YES");
    if (rendition.autoselect) out.plain("AUTOSELECT", "YES");
    if (rendition.forced) out.plain("FORCED", "YES");
    out.quoted("INSTREAM-ID", rendition.instream_id);
    out.quoted("CHARACTERISTICS", rendition.characteristics);
    out.quoted("CHANNELS", rendition.channels);
    if (rendition.uri) out.quoted("URI", *rendition.uri);
    out.all(rendition.further);
}

void write(std::string& text, VariantStream const& variant) {
    {
        AttributeWriter out{text, "#EXT-X-STREAM-INF"};
        out.number("BANDWIDTH", variant.bandwidth_bps);
        out.number("AVERAGE-BANDWIDTH", variant.average_bandwidth_bps);
        if (variant.width > 0 && variant.height > 0)
            out.plain("RESOLUTION", fmt::format("{}x{}", variant.width, variant.height));
        if (variant.frame_rate > 0)
            out.plain("FRAME-RATE", fmt::format("{:.3f}", variant.frame_rate));
        out.quoted("CODECS", variant.codecs);
        out.quoted("AUDIO", variant.audio);
        out.quoted("VIDEO", variant.video);
        out.quoted("SUBTITLES", variant.subtitles);
        if (variant.closed_captions == "NONE")
            out.plain("CLOSED-CAPTIONS", "NONE");
        else
            out.quoted("CLOSED-CAPTIONS", variant.closed_captions);
        out.all(variant.further);
    }
    text += variant.uri;
    text += '\n';
}

FurtherAttributes further_of(AttributeList const& attributes,
                             std::span<std::string_view const> known) {
    FurtherAttributes further;
    for (auto const& [name, value, written] : attributes.all())
        if (!written.empty() && std::ranges::find(known, name) == known.end() &&
            std::ranges::find(further, name, &FurtherAttributes::value_type::first) ==
                further.end())
            further.emplace_back(name, written);
    return further;
}

Result<VariantStream> variant_of(AttributeList const& attributes) {
    VariantStream variant;
    auto const bandwidth = attributes.integer("BANDWIDTH");
    if (!bandwidth) return fail(Errc::malformed, "STREAM-INF without a BANDWIDTH");
    variant.bandwidth_bps = *bandwidth;
    variant.average_bandwidth_bps = attributes.integer("AVERAGE-BANDWIDTH").value_or(0);
    variant.codecs = attributes.text("CODECS");
    variant.audio = attributes.text("AUDIO");
    variant.video = attributes.text("VIDEO");
    variant.subtitles = attributes.text("SUBTITLES");
    variant.closed_captions = attributes.text("CLOSED-CAPTIONS");
    if (auto const rate = attributes.find("FRAME-RATE")) {
        auto const value = parse_decimal(*rate);
        if (!value) return fail(Errc::malformed, "FRAME-RATE is no number");
        variant.frame_rate = *value;
    }
    if (auto const resolution = attributes.find("RESOLUTION")) {
        auto const x = resolution->find('x');
        auto const width = parse_integer(resolution->substr(0, x));
        auto const height =
            x == std::string_view::npos ? std::nullopt : parse_integer(resolution->substr(x + 1));
        if (!width || !height || *width > largest_side || *height > largest_side)
            return fail(Errc::malformed, "RESOLUTION is not WIDTHxHEIGHT");
        variant.width = static_cast<int>(*width);
        variant.height = static_cast<int>(*height);
    }
    variant.further = further_of(attributes, known_of_variants);
    return variant;
}

Rendition rendition_of(AttributeList const& attributes) {
    Rendition rendition;
    rendition.type = attributes.text("TYPE");
    rendition.group_id = attributes.text("GROUP-ID");
    rendition.name = attributes.text("NAME");
    if (auto const uri = attributes.find("URI")) rendition.uri = std::string{*uri};
    rendition.language = attributes.text("LANGUAGE");
    rendition.instream_id = attributes.text("INSTREAM-ID");
    rendition.characteristics = attributes.text("CHARACTERISTICS");
    rendition.channels = attributes.text("CHANNELS");
    rendition.is_default = attributes.yes("DEFAULT");
    rendition.autoselect = attributes.yes("AUTOSELECT");
    rendition.forced = attributes.yes("FORCED");
    rendition.further = further_of(attributes, known_of_renditions);
    return rendition;
}

class MultivariantReader {
public:
    explicit MultivariantReader(std::string_view text) noexcept : lines_(text) {
        playlist_.version = 1;
    }

    Result<MultivariantPlaylist> read() {
        if (lines_.next() != std::string_view{"#EXTM3U"})
            return failed(Errc::malformed, "is not #EXTM3U");
        while (auto const line = lines_.next())
            if (auto const read = read_line(*line); !read) return read.error();
        if (pending_) return failed(Errc::truncated, "#EXT-X-STREAM-INF without its URI");
        return std::move(playlist_);
    }

private:
    Result<> read_line(std::string_view line) {
        if (line.empty()) return {};
        if (line.starts_with('#')) return read_tag(split_tag(line));
        if (!pending_) return failed(Errc::malformed, "a URI without STREAM-INF");
        pending_->uri = line;
        playlist_.variants.push_back(*std::exchange(pending_, std::nullopt));
        return {};
    }

    Result<> read_tag(Tag const& tag) {
        if (tag.name == "#EXT-X-VERSION") return read_version(tag.value);
        if (tag.name == "#EXT-X-INDEPENDENT-SEGMENTS") playlist_.independent_segments = true;
        bool const is_variant = tag.name == "#EXT-X-STREAM-INF";
        if (!is_variant && tag.name != "#EXT-X-MEDIA") return {};

        auto const attributes = AttributeList::parse(tag.value);
        if (!attributes) return failed(Errc::malformed, attributes.error().context);
        if (!is_variant) {
            playlist_.renditions.push_back(rendition_of(*attributes));
            return {};
        }
        auto variant = variant_of(*attributes);
        if (!variant) return failed(Errc::malformed, variant.error().context);
        pending_ = std::move(*variant);
        return {};
    }

    Result<> read_version(std::string_view value) {
        auto const version = parse_integer(value);
        if (!version || *version == 0 || *version > 1000)
            return failed(Errc::malformed, "VERSION is no number");
        playlist_.version = static_cast<int>(*version);
        return {};
    }

    Error failed(Errc code, std::string_view what) const {
        return fail(code, "line " + std::to_string(lines_.number()) + ": " + std::string{what});
    }

    LineReader lines_;
    MultivariantPlaylist playlist_;
    std::optional<VariantStream> pending_;
};

} // namespace

std::string to_text(MultivariantPlaylist const& playlist) {
    auto text = fmt::format("#EXTM3U\n#EXT-X-VERSION:{}\n", playlist.version);
    if (playlist.independent_segments) text += "#EXT-X-INDEPENDENT-SEGMENTS\n";
    for (auto const& rendition : playlist.renditions)
        write(text, rendition);
    for (auto const& variant : playlist.variants)
        write(text, variant);
    return text;
}

Result<MultivariantPlaylist> parse_multivariant_playlist(std::string_view text) {
    return MultivariantReader{text}.read();
}

} // namespace continuo::hls
