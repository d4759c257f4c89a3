// What a file holds, as ffprobe tells it, and whether an ingest can copy that into a transport
// stream. Pure.
#pragma once

#include "core/base/result.hpp"

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

/// Why `file` can't be a source, and the command that makes one of it; empty when it can.
std::string complaint_about_source(MediaFacts const& facts, std::string_view file);

} // namespace continuo::cli
