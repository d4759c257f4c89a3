// What a source holds, as ffprobe tells it, and whether an ingest can copy that into a transport
// stream and a segmenter cut it. Pure.
#pragma once

#include "core/base/result.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace continuo::cli {

/// The first stream of each kind: those that an ingest takes. Names are ffmpeg's; empty where there
/// is none.
struct MediaFacts {
    std::string video_codec;
    std::string audio_codec;

    friend bool operator==(MediaFacts const&, MediaFacts const&) = default;
};

/// `json`: stdout of `ffprobe -show_streams -of json`. Errors: `Errc::malformed`.
Result<MediaFacts> parse_media_facts(std::string_view json);

/// Why what holds this can't be a source; empty when it can.
std::string complaint_about_media(MediaFacts const& facts);

/// The command that makes a source of `file`, about which there is a complaint; empty where it has
/// no video.
std::string conversion_of(MediaFacts const& facts, std::string_view file);

/// From the first keyframe to the second one, or to the last picture that was looked at.
struct FirstGop {
    std::chrono::milliseconds length{};
    bool ended{}; ///< the second keyframe was there

    friend bool operator==(FirstGop const&, FirstGop const&) = default;
};

/// `json`: stdout of `ffprobe -show_entries packet=pts_time,flags -of json` of one video stream.
/// Pictures without a time are passed over. Errors: `Errc::malformed`.
Result<FirstGop> parse_first_gop(std::string_view json);

/// Why segments can't be cut of such GOPs, and the setting that admits them; empty when they can.
std::string complaint_about_gop(FirstGop const& gop, std::chrono::seconds target_duration);

/// Whether a URL is one that we fetch. What is pushed at us is not to be taken from the daemon, nor
/// its sender answered in the daemon's place.
bool is_pulled(std::string_view url);

/// What ffprobe said at last, without the name of what it read and without secrets.
std::string last_words(std::string_view errors, std::string_view location);

} // namespace continuo::cli
