#include "supervisor/watch/session_channel.hpp"

#include "core/os/file.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <utility>

namespace continuo::sessions {
namespace {

using std::chrono::milliseconds;

/// What players that hang behind may still ask for.
constexpr std::chrono::seconds behind{60};

bool is_in_path(std::string const& program) {
    auto const* const path = std::getenv("PATH");
    std::string_view rest = path != nullptr ? path : "/usr/local/bin:/usr/bin:/bin";
    while (true) {
        auto const colon = rest.find(':');
        auto const folder = std::filesystem::path(rest.substr(0, colon));
        if (::access((folder / program).c_str(), X_OK) == 0) return true;
        if (colon == std::string_view::npos) return false;
        rest.remove_prefix(colon + 1);
    }
}

std::uint64_t bytes_per_second(config::Watch const& config) {
    return (config.video_bitrate_bps + config.audio_bitrate_bps) / 8;
}

/// What a session holds at most, as long as encoders keep to their bit rates.
std::uint64_t bytes_of_session(config::Watch const& config) {
    auto const kept = static_cast<std::uint64_t>((config.read_ahead + behind).count());
    return std::min(bytes_per_second(config) * kept, config.budget_bytes);
}

/// Of the file system that is at `runtime_dir`; empty: nothing.
std::string lack_of_room(std::filesystem::path const& runtime_dir, config::Watch const& config) {
    auto const found = os::file_system_of(runtime_dir);
    if (!found) return {};
    if (!found->is_tmpfs)
        return fmt::format("{0} is not in memory: every film is written to a disk (mount -t tmpfs "
                           "tmpfs {0})",
                           runtime_dir.string());
    auto const wanted = config.max_sessions * bytes_of_session(config);
    if (found->size_bytes >= wanted) return {};
    return fmt::format("{0} has room for {1} of {2} films (mount -o remount,size={3}M {0})",
                       runtime_dir.string(), found->size_bytes / bytes_of_session(config),
                       config.max_sessions, (wanted >> 20) + 1);
}

} // namespace

config::Channel channel_of(std::string_view id, Programme const& programme,
                           config::Watch const& config, std::string const& proxy) {
    config::Source source{.kind = config::Source::Kind::mpv,
                          .location = programme.url,
                          .test = {},
                          .film = {.audio = programme.tracks.audio,
                                   .subtitle = programme.tracks.subtitle,
                                   .start = programme.position,
                                   .height = config.height,
                                   .video_bitrate_bps = config.video_bitrate_bps,
                                   .audio_bitrate_bps = config.audio_bitrate_bps,
                                   .preset = config.preset,
                                   .proxy = proxy}};
    config::Channel channel;
    channel.name = contract::watch_channel(id);
    channel.sources.push_back(std::move(source));
    channel.variants.push_back({.name = "source", .copy = true, .preset = config.preset});
    channel.segment_time = config.segment_time;
    channel.target_duration = std::chrono::ceil<std::chrono::seconds>(config.segment_time * 3 / 2);
    auto const listed = milliseconds(config.read_ahead + behind) / config.segment_time;
    channel.window = static_cast<unsigned>(listed) + 3;
    channel.budget_bytes = config.budget_bytes;
    return channel;
}

std::uint64_t bytes_of_segment(config::Watch const& config) {
    constexpr std::uint64_t most = 2; // times the mean
    return most * bytes_per_second(config) *
           static_cast<std::uint64_t>(config.segment_time.count()) / 1000;
}

std::vector<std::string> lacks_of_machine(std::filesystem::path const& runtime_dir,
                                          config::Watch const& config) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 3> programs{
        {{"mpv", "mpv"}, {"ffmpeg", "ffmpeg"}, {"ffprobe", "ffmpeg"}}};
    std::vector<std::string> lacks;
    for (auto const& [program, package] : programs)
        if (!is_in_path(std::string(program)))
            lacks.push_back(fmt::format("{} is missing: no film can be shown (apt-get install {})",
                                        program, package));
    if (auto lack = lack_of_room(runtime_dir, config); !lack.empty())
        lacks.push_back(std::move(lack));
    return lacks;
}

} // namespace continuo::sessions
