#include "core/config/watch.hpp"

#include "core/base/watch_url.hpp"
#include "core/config/scalars.hpp"

#include <array>

namespace continuo::config {
namespace {

/// A URL with a blank for the magnet link; an empty text: no gateway.
void read_gateway(Section const& section, std::string& gateway) {
    auto const entry = section.find("torrent_gateway");
    if (entry && entry->value.IsScalar() && entry->value.Scalar().empty()) return;
    auto const text = section.text("torrent_gateway");
    if (!text) return;
    gateway = *text;
    if (!parse_gateway(*text) || text->find(magnet_blank) == std::string::npos)
        section.complain(entry->place, "torrent_gateway",
                         fmt::format("must be a URL such as "
                                     "http://127.0.0.1:8090/stream?magnet={{magnet}}, got \"{}\"",
                                     *text));
}

void read_picture(Section const& section, Watch& watch) {
    auto height = static_cast<unsigned>(watch.height);
    section.read("height", count, height, Range{"64", "4320"});
    if (height % 2 != 0) section.complain(section.find("height")->place, "height", "must be even");
    watch.height = static_cast<int>(height);
    section.read("video_bitrate", bitrate, watch.video_bitrate_bps, Range{"50k", "100M"});
    section.read("audio_bitrate", bitrate, watch.audio_bitrate_bps, Range{"16k", "512k"});
    if (auto const preset = section.choice("preset", presets)) watch.preset = *preset;
}

/// One lost heartbeat must not end what is watched, and what is read ahead has to be enough to
/// begin with.
void check_proportions(Section const& section, Watch const& watch) {
    auto const place = [&](std::string_view key) {
        auto const entry = section.find(key);
        return entry ? entry->place : section.place();
    };
    if (watch.session_timeout <= watch.heartbeat)
        section.complain(
            place("session_timeout"), "session_timeout",
            fmt::format("must be longer than heartbeat, which is {}s", watch.heartbeat.count()));
    if (watch.read_ahead < watch.start_segments * watch.segment_time)
        section.complain(place("read_ahead"), "read_ahead",
                         "must not be shorter than start_segments x segment_time");
}

} // namespace

Watch read_watch(Entry const& entry, fs::path const& folder, Problems& problems) {
    static constexpr std::array<std::string_view, 18> known{
        "enabled",         "max_sessions",  "session_timeout", "heartbeat",  "reaper",
        "finished_kept",   "probe_timeout", "segment_time",    "read_ahead", "start_segments",
        "height",          "video_bitrate", "audio_bitrate",   "preset",     "budget",
        "torrent_gateway", "allow_private", "token_file"};
    Section const section(entry, known, problems);
    Watch watch;
    section.read("enabled", on_off, watch.enabled);
    section.read("max_sessions", count, watch.max_sessions, Range{"1", "1000"});
    section.read("session_timeout", whole_seconds, watch.session_timeout, Range{"2s", "24h"});
    section.read("heartbeat", whole_seconds, watch.heartbeat, Range{"1s", "1h"});
    section.read("reaper", whole_seconds, watch.reaper, Range{"1s", "1h"});
    section.read("finished_kept", whole_seconds, watch.finished_kept, Range{"0s", "168h"});
    section.read("probe_timeout", whole_seconds, watch.probe_timeout, Range{"1s", "5m"});
    section.read("segment_time", duration, watch.segment_time, segment_time_range);
    section.read("read_ahead", whole_seconds, watch.read_ahead, Range{"4s", "1h"});
    section.read("start_segments", count, watch.start_segments, Range{"1", "20"});
    read_picture(section, watch);
    section.read("budget", bytes, watch.budget_bytes, budget_range);
    read_gateway(section, watch.torrent_gateway);
    section.read("allow_private", on_off, watch.allow_private);
    if (auto const file = section.text("token_file"); file && !file->empty())
        watch.token_file = folder / *file;
    check_proportions(section, watch);
    return watch;
}

} // namespace continuo::config
