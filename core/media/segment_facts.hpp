// What is inside one segment, whatever its container: when it begins and ends, and whether a player
// can begin with it. Measured by those who check other people's playlists and by those who serve
// them.
#pragma once

#include "core/base/result.hpp"
#include "core/base/ticks.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace continuo::media {

enum class Container : std::uint8_t {
    unknown, ///< encrypted as a whole, too
    transport_stream,
    fragmented_mp4,
    packed_audio,
    webvtt
};

/// Told from the first bytes.
Container container_of(std::span<std::uint8_t const> segment) noexcept;

/// Of the segment's video; where there is none, of its audio. Times are those that players show,
/// edit lists taken into account.
struct SegmentFacts {
    Container container{Container::unknown};
    bool starts_with_tables{false}; ///< TS: PAT and PMT come before anything else
    unsigned programs{};            ///< TS: in the PAT
    std::optional<bool>
        starts_with_keyframe; ///< nothing when there is no video or it could not be told

    /// The first access unit in the order of the file; nothing where no times were found. TS:
    /// 33 bit.
    std::optional<Ticks90k> start;
    Ticks90k span{};  ///< from `start` to the end of what is shown last
    Ticks90k frame{}; ///< one picture, or what stands for it in audio

    /// What is shown first, which may come later in the file; there if `start` is. TS: 33 bit.
    std::optional<Ticks90k> begin;
    Ticks90k duration{}; ///< from `begin` to the end of what is shown last

    /// The same two, exactly: in units of 1/`timescale` s, so that sums don't drift.
    std::uint32_t timescale{90'000};
    std::int64_t begin_units{};
    std::int64_t duration_units{};

    /// fMP4: the decode time of the first sample (tfdt), and the sum of all sample durations:
    /// the next segment's decode time is where they end.
    std::optional<Ticks90k> decode_begin;
    Ticks90k decode_duration{};
    /// The same two, exactly, in units of 1/`timescale` s; and what edit lists add to them.
    std::int64_t decode_begin_units{};
    std::int64_t decode_duration_units{};
    std::int64_t edit_units{};

    std::string video_codecs; ///< RFC 6381
    std::string audio_codecs;
    int width{};
    int height{};
};

/// Measures one segment.
/// `segment`: the whole of it, its byte range only where the playlist gives one.
/// `init`: what EXT-X-MAP names; may be empty for what is no MP4, and for MP4 that has its own
/// moov. WebVTT and what is no container known here are named, and have no times.
/// Errors, for MP4 alone, with the offset: `Errc::truncated`, `Errc::malformed`; `Errc::not_found`
/// without a moof, a moov, or a track that the moof names; `Errc::out_of_range` for times that
/// can't be.
Result<SegmentFacts> segment_facts(std::span<std::uint8_t const> segment,
                                   std::span<std::uint8_t const> init = {});

} // namespace continuo::media
