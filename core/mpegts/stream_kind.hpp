// What an elementary stream of a PMT is to us: video, audio, data that travels along, or nothing.
#pragma once

#include "core/mpegts/audio.hpp"
#include "core/mpegts/psi.hpp"
#include "core/mpegts/video.hpp"

#include <optional>
#include <string>

namespace continuo::mpegts {

/// Nothing for a stream that is no video, or video that can't be cut here.
std::optional<VideoCodec> video_codec_of(Pmt::Stream const& stream) noexcept;
std::optional<AudioCodec> audio_codec_of(Pmt::Stream const& stream) noexcept;

/// stream_type of SCTE-35 in sections (ANSI/SCTE 35 §8.1).
inline constexpr std::uint8_t scte35_sections = 0x86;

/// SCTE-35 as it should be, or private data, in which ffmpeg hands it on.
bool may_carry_cues(Pmt::Stream const& stream) noexcept;

/// SCTE-35, private data and timed metadata; subtitles and teletext are not.
bool is_data(Pmt::Stream const& stream) noexcept;

/// "MPEG-4 video (stream type 0x10)": the name of video that we can't cut; empty for what is no
/// video.
std::string name_of_foreign_video(Pmt::Stream const& stream);

} // namespace continuo::mpegts
