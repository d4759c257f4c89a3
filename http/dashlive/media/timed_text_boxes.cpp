#include "http/dashlive/media/timed_text_boxes.hpp"

#include "core/mp4/box_writer.hpp"

#include <algorithm>
#include <initializer_list>
#include <limits>
#include <utility>

namespace continuo::dashlive {
namespace {

using mp4::BoxWriter;
using mp4::FourCC;
using Bytes = std::vector<std::uint8_t>;

constexpr std::uint32_t track_id = 1;
constexpr std::uint32_t sync_sample = 0x0200'0000; ///< sample_depends_on: none
constexpr std::uint32_t one = 0x0001'0000;         ///< in 16.16

struct BoxHead {
    FourCC type;
    std::uint8_t version{};
    std::uint32_t flags{};
};

/// A full box of 32-bit fields.
Bytes words(BoxHead head, std::initializer_list<std::uint32_t> values) {
    BoxWriter box(head.type, head.version, head.flags);
    for (auto const value : values)
        box.number(value, 4);
    return std::move(box).finished();
}

Bytes container(FourCC type, std::initializer_list<Bytes> children) {
    BoxWriter box(type);
    for (auto const& child : children)
        box.bytes(child);
    return std::move(box).finished();
}

/// ftyp, styp.
Bytes file_type(FourCC type, std::initializer_list<FourCC> brands) {
    BoxWriter box(type);
    box.number(brands.begin()->value, 4);
    box.number(0, 4); // minor_version
    for (auto const brand : brands)
        box.number(brand.value, 4);
    return std::move(box).finished();
}

/// §8.2.2; nothing of it says anything of a fragmented movie but the timescale.
Bytes movie_header() {
    return words({"mvhd"}, {0,           0,   timed_text_timescale,
                            0,           one, 0x0100'0000,
                            0,           0, // volume
                            one,         0,   0,
                            0,           one, 0,
                            0,           0,   0x4000'0000, // matrix
                            0,           0,   0,
                            0,           0,   0,
                            track_id + 1});
}

/// §8.3.2: enabled, in the movie and in its preview.
Bytes track_header() {
    return words({.type = "tkhd", .flags = 7},
                 {0,   0, track_id, 0, 0,   0, 0, 0, 0,           // no layer, group or volume
                  one, 0, 0,        0, one, 0, 0, 0, 0x4000'0000, // matrix
                  0,   0});
}

/// §8.4.2: three letters of ISO 639-2 in 15 bits; other tags stand in elng.
Bytes media_header(std::string_view language) {
    auto const is_letter = [](char letter) { return letter >= 'a' && letter <= 'z'; };
    auto const is_code = language.size() == 3 && std::ranges::all_of(language, is_letter);
    std::uint32_t packed = 0;
    for (auto const letter : is_code ? language : std::string_view("und"))
        packed = packed << 5 | static_cast<std::uint32_t>(letter - 0x60);
    return words({"mdhd"}, {0, 0, timed_text_timescale, 0, packed << 16});
}

Bytes extended_language(std::string_view language) {
    BoxWriter box("elng", 0);
    box.text(language);
    return std::move(box).finished();
}

Bytes handler(TextFormat format) {
    BoxWriter box("hdlr", 0);
    box.number(0, 4);
    box.number(FourCC(format == TextFormat::stpp ? "subt" : "text").value, 4);
    for (int reserved = 0; reserved < 3; ++reserved)
        box.number(0, 4);
    box.text("Timed text");
    return std::move(box).finished();
}

Bytes sample_entry(TextFormat format) {
    BoxWriter box(format == TextFormat::stpp ? FourCC("stpp") : FourCC("wvtt"));
    box.number(0, 6);
    box.number(1, 2); // data_reference_index
    switch (format) {
    case TextFormat::stpp:
        box.text("http://www.w3.org/ns/ttml");
        box.text(""); // schema_location
        box.text(""); // auxiliary_mime_types
        break;
    case TextFormat::wvtt: {
        constexpr std::string_view header = "WEBVTT";
        BoxWriter configuration("vttC");
        configuration.bytes({reinterpret_cast<std::uint8_t const*>(header.data()), header.size()});
        box.bytes(std::move(configuration).finished());
        break;
    }
    }
    return std::move(box).finished();
}

Bytes sample_description(TextFormat format) {
    BoxWriter box("stsd", 0);
    box.number(1, 4);
    box.bytes(sample_entry(format));
    return std::move(box).finished();
}

Bytes data_reference() {
    BoxWriter box("dref", 0);
    box.number(1, 4);
    box.bytes(words({.type = "url ", .flags = 1}, {})); // the file itself
    return std::move(box).finished();
}

Bytes sample_table(TextFormat format) {
    return container("stbl", {sample_description(format), words({"stts"}, {0}),
                              words({"stsc"}, {0}), words({"stsz"}, {0, 0}), words({"stco"}, {0})});
}

Bytes decode_time(std::int64_t time) {
    auto const needs_64_bits = time > std::numeric_limits<std::uint32_t>::max();
    BoxWriter box("tfdt", needs_64_bits ? 1 : 0);
    box.number(static_cast<std::uint64_t>(time), needs_64_bits ? 8 : 4);
    return std::move(box).finished();
}

/// trun with a duration and a size for each sample.
Bytes track_run(std::vector<TextSample> const& samples, std::uint32_t data_offset) {
    BoxWriter box("trun", 0, 0x301);
    box.number(samples.size(), 4);
    box.number(data_offset, 4);
    for (auto const& sample : samples) {
        box.number(sample.duration, 4);
        box.number(sample.bytes.size(), 4);
    }
    return std::move(box).finished();
}

Bytes movie_fragment(TextSegment const& segment, std::uint32_t data_offset) {
    constexpr std::uint32_t default_base_is_moof = 0x02'0000;
    return container(
        "moof",
        {words({"mfhd"}, {segment.number}),
         container("traf", {words({.type = "tfhd", .flags = default_base_is_moof}, {track_id}),
                            decode_time(segment.interval.start),
                            track_run(segment.samples, data_offset)})});
}

} // namespace

std::vector<std::uint8_t> text_track_header(TextFormat format, std::string_view language) {
    auto const media_information = container(
        "minf", {words({format == TextFormat::stpp ? FourCC("sthd") : FourCC("nmhd")}, {}),
                 container("dinf", {data_reference()}), sample_table(format)});
    auto const media = container("mdia", {media_header(language), extended_language(language),
                                          handler(format), media_information});
    auto const movie =
        container("moov", {movie_header(), container("trak", {track_header(), media}),
                           container("mvex", {words({"trex"}, {track_id, 1, 0, 0, sync_sample})})});
    auto header = file_type("ftyp", {"iso6", "dash", "cmfc"});
    header.insert(header.end(), movie.begin(), movie.end());
    return header;
}

std::vector<std::uint8_t> text_track_segment(TextSegment const& segment) {
    constexpr std::size_t box_header = 8;
    auto const size = movie_fragment(segment, 0).size() + box_header;
    auto bytes = file_type("styp", {"msdh", "cmfs"});
    auto const fragment = movie_fragment(segment, static_cast<std::uint32_t>(size));
    bytes.insert(bytes.end(), fragment.begin(), fragment.end());
    BoxWriter data("mdat");
    for (auto const& sample : segment.samples)
        data.bytes(sample.bytes);
    auto const payload = std::move(data).finished();
    bytes.insert(bytes.end(), payload.begin(), payload.end());
    return bytes;
}

} // namespace continuo::dashlive
