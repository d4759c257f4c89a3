// What ffmpeg is started with; pure. The options hold timestamps absolute from end to end, so that
// one rule cuts all variants.
#pragma once

#include "core/config/config.hpp"
#include "workers/command.hpp"

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

namespace continuo::workers::ffmpeg {

/// Added to the timestamps of what begins at zero, where B-frames and audio priming reach below:
/// everything is moved up, away from the 33-bit border.
inline constexpr std::chrono::seconds file_offset{10};

/// Pulls a source and gives it out as TS on stdout, unchanged (a test picture is encoded).
/// `position`: where a finite file goes on after a restart; zero from its start.
Command ingest(config::Source const& source, std::chrono::milliseconds position);

/// TS on stdin, one encode of it on stdout. The source's keyframes are kept, and its timestamps to
/// the tick.
Command encode(config::Variant const& variant);

/// Sound as TS on stdin (it may change rate and channels), one encode of it on stdout for Icecast's
/// listeners.
Command encode_sound(config::Icecast const& icecast);

/// A slate in one size, as a TS file to be looped.
struct SlateOutput {
    std::filesystem::path file;
    int width{};
    int height{};
};

/// Makes the slate in all sizes at once. A text lasts one `segment_time`; a file its own length, a
/// minute at most.
Command slate(config::Slate const& slate, std::chrono::milliseconds segment_time,
              std::vector<SlateOutput> const& outputs);

} // namespace continuo::workers::ffmpeg
