// A DASH asset put together in a folder: headers and segments whose samples are nothing but times
// and bytes that can be told apart.
#pragma once

#include "core/mp4/box_writer.hpp"
#include "tests/support/mp4_builder.hpp"
#include "tests/support/temporary_directory.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace continuo::test {

/// Samples of one segment: `count` of `duration`, the last of `last` (0: as all).
struct DashSegment {
    std::uint64_t time{};
    std::uint32_t count{1};
    std::uint32_t duration{};
    std::uint32_t last{};
    std::uint32_t sample_bytes{4};
    std::uint32_t first_flags{fmp4::sync_flags};
    std::uint32_t track{1};
};

/// moof and mdat; sample k is `sample_bytes` times the byte k.
inline std::string dash_segment(DashSegment const& segment) {
    auto const with = [&](std::uint32_t data_offset) {
        mp4::BoxWriter mfhd(mp4::FourCC("mfhd"), 0);
        mfhd.number(1, 4);
        mp4::BoxWriter tfhd(mp4::FourCC("tfhd"), 0, 0x2'0000); // default-base-is-moof
        tfhd.number(segment.track, 4);
        mp4::BoxWriter tfdt(mp4::FourCC("tfdt"), 1);
        tfdt.number(segment.time, 8);
        mp4::BoxWriter trun(mp4::FourCC("trun"), 0, 0x701); // data offset, duration, size, flags
        trun.number(segment.count, 4);
        trun.number(data_offset, 4);
        for (std::uint32_t i = 0; i < segment.count; ++i) {
            bool const is_last = i + 1 == segment.count && segment.last > 0;
            trun.number(is_last ? segment.last : segment.duration, 4);
            trun.number(segment.sample_bytes, 4);
            trun.number(i == 0 ? segment.first_flags : fmp4::sync_flags, 4);
        }
        mp4::BoxWriter traf{mp4::FourCC("traf")};
        traf.bytes(std::move(tfhd).finished());
        traf.bytes(std::move(tfdt).finished());
        traf.bytes(std::move(trun).finished());
        mp4::BoxWriter moof{mp4::FourCC("moof")};
        moof.bytes(std::move(mfhd).finished());
        moof.bytes(std::move(traf).finished());
        return std::move(moof).finished();
    };
    auto bytes = with(0);
    bytes = with(static_cast<std::uint32_t>(bytes.size() + 8));
    mp4::BoxWriter mdat{mp4::FourCC("mdat")};
    for (std::uint32_t i = 0; i < segment.count; ++i)
        for (std::uint32_t k = 0; k < segment.sample_bytes; ++k)
            mdat.number(i, 1);
    auto const data = std::move(mdat).finished();
    bytes.insert(bytes.end(), data.begin(), data.end());
    return {bytes.begin(), bytes.end()};
}

inline std::string dash_header(fmp4::TestTrack const& track) {
    auto const bytes = fmp4::init_of({track});
    return {bytes.begin(), bytes.end()};
}

inline fmp4::TestTrack dash_pictures(std::uint32_t timescale = 12'800) {
    return {.id = 1, .timescale = timescale, .handler = "vide"};
}
inline fmp4::TestTrack dash_sound(std::uint32_t timescale = 48'000) {
    return {.id = 1, .timescale = timescale, .handler = "soun"};
}

/// An MPD with these AdaptationSets.
inline std::string dash_mpd(std::string_view sets,
                            std::string_view attributes = "type=\"static\"") {
    std::string text = "<MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\" ";
    text += attributes;
    text += " mediaPresentationDuration=\"PT8S\"><Period id=\"p\">";
    text += sets;
    return text + "</Period></MPD>\n";
}

/// Four segments of 2 s in "V/1.m4s" ...: 25 pictures/s.
inline void write_pictures(TemporaryDirectory const& root, std::string const& folder,
                           unsigned segments = 4) {
    root.write(folder + "/init.mp4", dash_header(dash_pictures()));
    for (unsigned i = 0; i < segments; ++i)
        root.write(folder + "/" + std::to_string(i + 1) + ".m4s",
                   dash_segment({.time = 25'600ULL * i, .count = 50, .duration = 512}));
}

/// Four segments of about 2 s of AAC, 376 frames in all.
inline void write_sound(TemporaryDirectory const& root, std::string const& folder) {
    root.write(folder + "/init.mp4", dash_header(dash_sound()));
    for (unsigned i = 0; i < 4; ++i)
        root.write(folder + "/" + std::to_string(i + 1) + ".m4s",
                   dash_segment({.time = 96'256ULL * i, .count = 94, .duration = 1024}));
}

inline std::string const pictures_set =
    R"(<AdaptationSet mimeType="video/mp4" contentType="video">)"
    R"(<SegmentTemplate media="$RepresentationID$/$Number$.m4s" initialization="$RepresentationID$/init.mp4" duration="2"/>)"
    R"(<Representation id="V" codecs="avc1.64001e" bandwidth="300000" width="640" height="360"/></AdaptationSet>)";
inline std::string const sound_set =
    R"(<AdaptationSet mimeType="audio/mp4" contentType="audio">)"
    R"(<SegmentTemplate media="$RepresentationID$/$Number$.m4s" initialization="$RepresentationID$/init.mp4" duration="2"/>)"
    R"(<Representation id="A" codecs="mp4a.40.2" bandwidth="48000"/></AdaptationSet>)";

} // namespace continuo::test
