#include "core/config/channel.hpp"

#include "core/config/cues.hpp"
#include "core/config/icecast.hpp"
#include "core/config/playhead.hpp"
#include "core/config/pseudolive.hpp"
#include "core/config/resegment.hpp"
#include "core/config/scalars.hpp"
#include "core/config/source.hpp"
#include "core/config/variants.hpp"

#include <algorithm>
#include <array>

namespace continuo::config {
namespace {

constexpr std::size_t max_sources = 32;

std::vector<Source> read_sources(Section const& section, fs::path const& folder,
                                 Problems& problems) {
    auto const key = section.find("sources");
    auto const entries = section.list("sources", max_sources);
    if (entries.empty() && (key->value.IsNull() || key->value.IsSequence()))
        section.complain(key->place, "sources", "needs at least one source");
    std::vector<Source> sources;
    for (auto const& entry : entries)
        sources.push_back(read_source(entry, folder, problems));
    return sources;
}

/// Where the channel's pictures come from: one of the keys that say so.
void read_input(Section const& section, fs::path const& folder, Channel& channel,
                Problems& problems) {
    static constexpr std::array<std::string_view, 4> inputs{"sources", "playhead", "resegment",
                                                            "schedule"};
    auto const input = exactly_one(section, inputs);
    if (!input) return;
    if (*input == "sources")
        channel.sources = read_sources(section, folder, problems);
    else if (*input == "playhead")
        channel.playhead = read_playhead(*section.find("playhead"), problems);
    else if (*input == "resegment")
        read_resegment(*section.find("resegment"), folder, channel, problems);
    else
        channel.schedule = read_schedule(section, problems);
}

Slate read_slate(Entry const& entry, fs::path const& folder, Problems& problems) {
    static constexpr std::array<std::string_view, 2> known{"text", "file"};
    constexpr std::size_t longest_text = 200;
    Section const section(entry, known, problems);
    Slate slate;
    if (section.find("text") && section.find("file")) (void)exactly_one(section, known);
    if (auto const text = section.text("text")) {
        slate.text = *text;
        if (text->size() > longest_text || text->find_first_of("\n\r\t") != std::string::npos)
            section.complain(section.find("text")->place, "text",
                             fmt::format("must be one line of at most {} bytes", longest_text));
    }
    if (auto const file = section.text("file")) slate.file = folder / *file;
    return slate;
}

RestartLimits read_restart(Entry const& entry, Problems& problems) {
    static constexpr std::array<std::string_view, 7> known{
        "first_delay",  "max_delay", "stable_after", "burst",
        "burst_window", "limit",     "limit_window"};
    static constexpr Range delays{"0s", "1h"}, windows{"1s", "24h"}, counts{"1", "1000000"};
    Section const section(entry, known, problems);
    RestartLimits limits;
    section.read("first_delay", duration, limits.first_delay, delays);
    section.read("max_delay", duration, limits.max_delay, delays);
    section.read("stable_after", whole_seconds, limits.stable_after, windows);
    section.read("burst", count, limits.burst, counts);
    section.read("burst_window", whole_seconds, limits.burst_window, windows);
    section.read("limit", count, limits.limit, counts);
    section.read("limit_window", whole_seconds, limits.limit_window, windows);
    if (limits.max_delay < limits.first_delay) {
        auto const* const key = section.find("max_delay") ? "max_delay" : "first_delay";
        section.complain(
            section.find(key)->place, key,
            fmt::format("max_delay ({} ms) must not be shorter than first_delay ({} ms)",
                        limits.max_delay.count(), limits.first_delay.count()));
    }
    return limits;
}

/// TARGETDURATION never changes in a channel's life, so it leaves room for GOPs that do not divide
/// the segment time.
seconds default_target_duration(milliseconds segment_time) {
    return std::chrono::ceil<seconds>(segment_time * 3 / 2);
}

void read_timing(Section const& section, Defaults const& defaults, Channel& channel) {
    section.read("segment_time", duration, channel.segment_time, segment_time_range);
    channel.target_duration = default_target_duration(channel.segment_time);
    section.read("target_duration", whole_seconds, channel.target_duration, Range{"1s", "120s"});
    if (channel.target_duration < channel.segment_time)
        section.complain(section.find("target_duration")->place, "target_duration",
                         fmt::format("must be at least segment_time ({} ms), got {} s",
                                     channel.segment_time.count(),
                                     channel.target_duration.count()));
    channel.window = defaults.window;
    section.read("window", count, channel.window, window_range);
}

} // namespace

Channel read_channel(Entry const& entry, Defaults const& defaults, fs::path const& folder,
                     Problems& problems) {
    static constexpr std::array<std::string_view, 19> known{"name",
                                                            "sources",
                                                            "playhead",
                                                            "resegment",
                                                            "schedule",
                                                            "variants",
                                                            "slate",
                                                            "icecast",
                                                            "segment_time",
                                                            "window",
                                                            "budget",
                                                            "target_duration",
                                                            "preset",
                                                            "restart",
                                                            "source_retry",
                                                            "restart_discontinuity",
                                                            "hls_tag",
                                                            "interstitial",
                                                            "cue_discontinuity"};
    Section const section(entry, known, problems);
    Channel channel;
    channel.name = read_name(section);
    channel.segment_time = defaults.segment_time;
    read_input(section, folder, channel, problems);
    auto const preset = section.choice("preset", presets).value_or(defaults.preset);
    if (section.find("schedule")) return channel;
    if (!channel.resegment)
        channel.variants = read_variants(section, preset, problems);
    else if (auto const variants = section.find("variants"))
        section.complain(variants->place, "variants",
                         "has no meaning beside resegment, whose playlist names them; remove it");
    if (auto const slate = section.find("slate"))
        channel.slate = read_slate(*slate, folder, problems);
    if (auto const icecast = section.find("icecast"))
        channel.icecast = read_icecast(*icecast, folder, problems);
    read_cues(section, channel.cues, problems);
    read_timing(section, defaults, channel);
    channel.budget_bytes = defaults.budget_bytes;
    section.read("budget", bytes, channel.budget_bytes, budget_range);
    section.read("restart_discontinuity", on_off, channel.restart_discontinuity);
    section.read("source_retry", whole_seconds, channel.source_retry, Range{"1s", "24h"});
    if (auto const restart = section.find("restart"))
        channel.restart = read_restart(*restart, problems);
    return channel;
}

} // namespace continuo::config
