#include "workers/ffmpeg/version.hpp"

#include <fmt/format.h>

#include <charconv>

namespace continuo::workers::ffmpeg {

std::optional<Version> parse_version(std::string_view line) {
    constexpr std::string_view prefix = "ffmpeg version ";
    if (!line.starts_with(prefix)) return std::nullopt;
    line.remove_prefix(prefix.size());
    if (line.starts_with('n')) line.remove_prefix(1); // release tags are "n5.1.2"
    Version version;
    auto const* const end = line.data() + line.size();
    auto const [dot, code] = std::from_chars(line.data(), end, version.major);
    if (code != std::errc{} || dot == end || *dot != '.') return std::nullopt;
    if (std::from_chars(dot + 1, end, version.minor).ec != std::errc{}) return std::nullopt;
    return version;
}

std::optional<std::string> objection_to(Version version) {
    if (version >= oldest_version) return std::nullopt;
    return fmt::format(
        "ffmpeg {}.{} is too old: {}.{} or later is needed (apt-get install ffmpeg on Debian 12)",
        version.major, version.minor, oldest_version.major, oldest_version.minor);
}

} // namespace continuo::workers::ffmpeg
