#include "core/mp4/box_writer.hpp"
#include "http/dashlive/media/timed_text_boxes.hpp"

#include <fmt/format.h>

#include <iterator>
#include <utility>

namespace continuo::dashlive {
namespace {

using Bytes = std::vector<std::uint8_t>;

std::span<std::uint8_t const> bytes_of(std::string_view text) {
    return {reinterpret_cast<std::uint8_t const*>(text.data()), text.size()};
}

/// "01:00:00.900"; hours have as many digits as they need.
std::string clock_text(std::int64_t ms) {
    return fmt::format("{:02}:{:02}:{:02}.{:03}", ms / 3'600'000, ms / 60'000 % 60, ms / 1000 % 60,
                       ms % 1000);
}

Bytes plain_box(mp4::FourCC type, std::string_view text) {
    mp4::BoxWriter box(type);
    box.bytes(bytes_of(text));
    return std::move(box).finished();
}

Bytes webvtt_cue(std::uint32_t region, Cue const& cue) {
    mp4::BoxWriter box(mp4::FourCC("vttc"));
    if (region != 0) box.bytes(plain_box("sttg", "line:2"));
    box.bytes(plain_box("payl", cue.date + '\n' + cue.note));
    return std::move(box).finished();
}

TextSample silence(std::int64_t duration) {
    return {.duration = static_cast<std::uint32_t>(duration), .bytes = plain_box("vtte", {})};
}

} // namespace

std::vector<TextSample> ttml_samples(std::string_view language, std::uint32_t region,
                                     Interval segment, std::span<Cue const> cues) {
    std::string document = fmt::format(
        R"(<?xml version="1.0" encoding="UTF-8"?>
<tt xmlns="http://www.w3.org/ns/ttml" xmlns:ttp="http://www.w3.org/ns/ttml#parameter" xmlns:tts="http://www.w3.org/ns/ttml#styling" ttp:profile="http://www.w3.org/ns/ttml/profile/imsc1/text" ttp:timeBase="media" xml:lang="{}">
<head>
<styling><style xml:id="plain" tts:fontFamily="proportionalSansSerif" tts:fontSize="100%" tts:lineHeight="125%" tts:textAlign="center" tts:color="white" tts:backgroundColor="black"/></styling>
<layout><region xml:id="place" tts:origin="10% 10%" tts:extent="80% 80%" tts:displayAlign="{}"/></layout>
</head>
<body style="plain" region="place">
<div>
)",
        language, region == 0 ? "after" : "before");
    for (auto const& cue : cues)
        fmt::format_to(std::back_inserter(document),
                       "<p begin=\"{}\" end=\"{}\"><span>{}<br/>{}</span></p>\n",
                       clock_text(cue.begin), clock_text(cue.end), cue.date, cue.note);
    document += "</div>\n</body>\n</tt>\n";
    auto const bytes = bytes_of(document);
    return {{.duration = static_cast<std::uint32_t>(segment.end - segment.start),
             .bytes = {bytes.begin(), bytes.end()}}};
}

std::vector<TextSample> webvtt_samples(std::uint32_t region, Interval segment,
                                       std::span<Cue const> cues) {
    std::vector<TextSample> samples;
    auto at = segment.start;
    for (auto const& cue : cues) {
        if (at < cue.begin) samples.push_back(silence(cue.begin - at));
        samples.push_back({.duration = static_cast<std::uint32_t>(cue.end - cue.begin),
                           .bytes = webvtt_cue(region, cue)});
        at = cue.end;
    }
    if (at < segment.end) samples.push_back(silence(segment.end - at));
    return samples;
}

} // namespace continuo::dashlive
