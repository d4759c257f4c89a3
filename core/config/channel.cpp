#include "core/config/channel.hpp"

#include "core/base/name.hpp"
#include "core/config/scalars.hpp"
#include "core/config/source.hpp"

#include <algorithm>
#include <array>

namespace continuo::config {
namespace {

constexpr std::size_t max_sources = 32;
constexpr std::size_t max_variants = 16;

/// The name that a channel or variant needs; empty, and a complaint, when there is none or it can't
/// stand in a URL.
std::string read_name(Section const& section) {
    if (!section.find("name")) {
        section.complain(section.place(), "name", "is missing; give it a name for its URL");
        return {};
    }
    auto const name = section.text("name");
    if (!name) return {};
    if (!is_valid_name(*name)) {
        section.complain(section.find("name")->place, "name",
                         fmt::format("must be 1 to 64 of a-z, 0-9, _ and -, the first a letter or "
                                     "digit, got \"{}\"",
                                     *name));
        return {};
    }
    return *name;
}

/// An encoded variant says how high and how fat it is; a copy is what its source is.
void check_variant_keys(Section const& section, bool copy) {
    static constexpr std::array<std::string_view, 4> encoding{"height", "video_bitrate",
                                                              "audio_bitrate", "preset"};
    if (copy) {
        for (auto const key : encoding)
            if (auto const entry = section.find(key))
                section.complain(entry->place, key,
                                 "has no meaning beside \"copy: true\"; remove one of them");
        return;
    }
    for (auto const key : {"height", "video_bitrate"})
        if (!section.find(key))
            section.complain(section.place(), key,
                             "is missing; an encoded variant needs it (or write copy: true)");
}

Variant read_variant(Entry const& entry, std::string const& preset, Problems& problems) {
    static constexpr std::array<std::string_view, 6> known{
        "name", "copy", "height", "video_bitrate", "audio_bitrate", "preset"};
    Section const section(entry, known, problems);
    Variant variant;
    variant.name = read_name(section);
    section.read("copy", on_off, variant.copy);
    check_variant_keys(section, variant.copy);
    if (variant.copy) return variant;

    if (auto const height = section.value("height", count, Range{"64", "4320"})) {
        variant.height = static_cast<int>(*height);
        if (*height % 2 != 0)
            section.complain(section.find("height")->place, "height",
                             fmt::format("must be even, got \"{}\"", *height));
    }
    section.read("video_bitrate", bitrate, variant.video_bitrate_bps, Range{"50k", "200M"});
    section.read("audio_bitrate", bitrate, variant.audio_bitrate_bps, Range{"16k", "512k"});
    variant.preset = section.choice("preset", presets).value_or(preset);
    return variant;
}

/// Names are unique, and no more than one variant is the source itself.
void check_variants(std::vector<Variant> const& variants, std::vector<Entry> const& entries,
                    Problems& problems) {
    bool has_copy = false;
    for (std::size_t i = 0; i < variants.size(); ++i) {
        auto const before = variants.begin() + static_cast<std::ptrdiff_t>(i);
        auto const& variant = variants[i];
        if (!variant.name.empty() &&
            std::find_if(variants.begin(), before, [&](Variant const& other) {
                return other.name == variant.name;
            }) != before)
            problems.add(place_in(entries[i], "name"), entries[i].path + ".name",
                         fmt::format("\"{}\" names another variant already", variant.name));
        if (variant.copy && std::exchange(has_copy, true))
            problems.add(place_in(entries[i], "copy"), entries[i].path + ".copy",
                         "another variant is a copy already; there can be one");
    }
}

std::vector<Variant> read_variants(Section const& section, std::string const& preset,
                                   Problems& problems) {
    if (!section.find("variants")) return {Variant{.name = "source", .copy = true, .preset = {}}};
    auto const entries = section.list("variants", max_variants);
    auto const key = section.find("variants");
    if (entries.empty() && (key->value.IsNull() || key->value.IsSequence()))
        section.complain(key->place, "variants",
                         "needs at least one variant (or leave the key out for a mere copy)");
    std::vector<Variant> variants;
    for (auto const& entry : entries)
        variants.push_back(read_variant(entry, preset, problems));
    check_variants(variants, entries, problems);
    return variants;
}

std::vector<Source> read_sources(Section const& section, fs::path const& folder,
                                 Problems& problems) {
    static constexpr std::array<std::string_view, 4> inputs{"sources", "playhead", "resegment",
                                                            "schedule"};
    auto const input = exactly_one(section, inputs);
    if (!input) return {};
    auto const key = section.find(*input);
    if (*input != "sources") {
        section.complain(key->place, *input, "is not available in this version; use sources");
        return {};
    }
    auto const entries = section.list("sources", max_sources);
    if (entries.empty() && (key->value.IsNull() || key->value.IsSequence()))
        section.complain(key->place, "sources", "needs at least one source");
    std::vector<Source> sources;
    for (auto const& entry : entries)
        sources.push_back(read_source(entry, folder, problems));
    return sources;
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
    channel.segment_time = defaults.segment_time;
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
    static constexpr std::array<std::string_view, 15> known{
        "name",      "sources",         "playhead",
        "resegment", "schedule",        "variants",
        "slate",     "segment_time",    "window",
        "budget",    "target_duration", "preset",
        "restart",   "source_retry",    "restart_discontinuity"};
    Section const section(entry, known, problems);
    Channel channel;
    channel.name = read_name(section);
    channel.sources = read_sources(section, folder, problems);
    auto const preset = section.choice("preset", presets).value_or(defaults.preset);
    channel.variants = read_variants(section, preset, problems);
    if (auto const slate = section.find("slate"))
        channel.slate = read_slate(*slate, folder, problems);
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
