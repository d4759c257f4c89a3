#include "core/config/pseudolive.hpp"

#include "core/config/scalars.hpp"
#include "core/hls/value.hpp"

#include <array>
#include <optional>

namespace continuo::config {
namespace {

constexpr std::size_t max_items = 10'000;

/// Nothing within: `start`.
std::optional<std::optional<WallTime>> parse_epoch(std::string_view text) {
    if (text == "start") return std::optional<WallTime>{};
    if (auto const date = hls::parse_date(text)) return std::optional<WallTime>{date};
    return {};
}

constexpr Scalar<std::optional<WallTime>> epoch{parse_epoch,
                                                "\"start\" or a date such as 2026-01-01T00:00:00Z"};

/// An asset is a folder of the root.
bool is_folder_name(std::string_view name) {
    return !name.empty() && name.front() != '.' && name.find('/') == std::string_view::npos;
}

ScheduleItem read_item(Entry const& entry, Problems& problems) {
    static constexpr std::array<std::string_view, 2> known{"asset", "times"};
    Section const section(entry, known, problems);
    ScheduleItem item;
    if (auto const asset = section.text("asset")) {
        item.asset = *asset;
        if (!is_folder_name(*asset))
            section.complain(
                section.find("asset")->place, "asset",
                fmt::format("must be the name of a folder in pseudolive.root, got \"{}\"", *asset));
    } else if (!section.find("asset")) {
        section.complain(section.place(), "asset", "is missing; name a folder of pseudolive.root");
    }
    section.read("times", count, item.times, Range{"1", "1000000"});
    return item;
}

} // namespace

Pseudolive read_pseudolive(Entry const& entry, fs::path const& folder, Problems& problems) {
    static constexpr std::array<std::string_view, 5> known{"root", "epoch", "window", "hold_back",
                                                           "allow_clock"};
    Section const section(entry, known, problems);
    Pseudolive pseudolive;
    if (auto const root = section.text("root"))
        pseudolive.root = folder / *root;
    else if (!section.find("root"))
        section.complain(section.place(), "root",
                         "is missing; name the folder whose folders are streams");
    section.read("epoch", epoch, pseudolive.epoch);
    section.read("window", count, pseudolive.window, window_range);
    section.read("hold_back", duration, pseudolive.hold_back, Range{"0s", "1h"});
    section.read("allow_clock", on_off, pseudolive.allow_clock);
    return pseudolive;
}

std::vector<ScheduleItem> read_schedule(Section const& section, Problems& problems) {
    static constexpr std::array<std::string_view, 14> meaningless{
        "variants",        "slate",   "icecast",      "segment_time",     "window",
        "budget",          "preset",  "restart",      "source_retry",     "restart_discontinuity",
        "target_duration", "hls_tag", "interstitial", "cue_discontinuity"};
    for (auto const key : meaningless)
        if (auto const found = section.find(key))
            section.complain(found->place, key,
                             "has no meaning beside schedule, whose assets are cut and encoded "
                             "already; remove it");
    auto const key = section.find("schedule");
    auto const entries = section.list("schedule", max_items);
    if (entries.empty() && (key->value.IsNull() || key->value.IsSequence()))
        section.complain(key->place, "schedule", "needs at least one asset");
    std::vector<ScheduleItem> items;
    for (auto const& entry : entries)
        items.push_back(read_item(entry, problems));
    return items;
}

} // namespace continuo::config
