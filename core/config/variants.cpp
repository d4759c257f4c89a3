#include "core/config/variants.hpp"

#include "core/base/name.hpp"
#include "core/config/scalars.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace continuo::config {
namespace {

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

    if (auto const height = section.value("height", count, height_range)) {
        variant.height = static_cast<int>(*height);
        if (*height % 2 != 0)
            section.complain(section.find("height")->place, "height",
                             fmt::format("must be even, got \"{}\"", *height));
    }
    section.read("video_bitrate", bitrate, variant.video_bitrate_bps, video_bitrate_range);
    section.read("audio_bitrate", bitrate, variant.audio_bitrate_bps, audio_bitrate_range);
    variant.preset = section.choice("preset", presets).value_or(preset);
    return variant;
}

} // namespace

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

} // namespace continuo::config
