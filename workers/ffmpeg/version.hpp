// Which ffmpeg is there, from what it says of itself.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace continuo::workers::ffmpeg {

struct Version {
    int major{};
    int minor{};

    friend auto operator<=>(Version const&, Version const&) = default;
};

/// -fps_mode, and the TS muxer as the segments need it.
inline constexpr Version oldest_version{.major = 5, .minor = 1};

/// From "ffmpeg version 5.1.9-0+deb12u1 Copyright ...", the first line of its banner; nothing for
/// any other line, and for builds that name a commit instead of a release.
std::optional<Version> parse_version(std::string_view line);

/// Why this ffmpeg will not do, in one line for an operator; nothing when it will.
std::optional<std::string> objection_to(Version version);

} // namespace continuo::workers::ffmpeg
