#include "core/config/cues.hpp"

#include "core/config/nearest.hpp"
#include "core/config/scalars.hpp"

#include <algorithm>
#include <array>

namespace continuo::config {
namespace {

using hls::CueStyle;

constexpr std::size_t longest_uri = 1024; // bytes

constexpr std::array all_styles{CueStyle::x_cue, CueStyle::x_scte35, CueStyle::x_daterange,
                                CueStyle::x_splicepoint};

std::vector<std::string_view> style_names() {
    std::vector<std::string_view> names;
    for (auto const style : all_styles)
        names.push_back(hls::to_text(style));
    return names;
}

std::optional<CueStyle> read_style(Section const& section, Entry const& entry,
                                   std::string_view key) {
    auto const written = entry.value.IsScalar() ? entry.value.Scalar() : std::string();
    auto const style = hls::cue_style_of(written);
    if (style) return style;
    auto const names = style_names();
    auto const meant = nearest(written, names);
    auto const hint = meant.empty() ? "" : fmt::format("; did you mean \"{}\"?", meant);
    section.complain(entry.place, key,
                     fmt::format("must be {}, got \"{}\"{}", listed(names), written, hint));
    return {};
}

/// It stands in quotes in every list, so it holds none itself; nor what ends a line.
bool may_be_quoted(std::string_view uri) {
    return std::ranges::all_of(uri,
                               [](unsigned char c) { return c > ' ' && c != '"' && c < 0x7F; });
}

/// Braces only around what is filled in.
bool has_known_placeholders(std::string_view uri) {
    for (auto open = uri.find_first_of("{}"); open != std::string_view::npos;
         open = uri.find_first_of("{}")) {
        uri.remove_prefix(open);
        auto const end = uri.find('}');
        auto const name = uri.substr(0, end == std::string_view::npos ? end : end + 1);
        if (name != "{event_id}" && name != "{duration}") return false;
        uri.remove_prefix(name.size());
    }
    return true;
}

void read_interstitial(Entry const& entry, Cues& cues, Problems& problems) {
    static constexpr std::array<std::string_view, 1> known{"asset_uri"};
    Section const section(entry, known, problems);
    auto const uri = section.text("asset_uri");
    if (!uri) {
        if (!section.find("asset_uri"))
            section.complain(section.place(), "asset_uri",
                             "is missing; write the URL of what is played in a break");
        return;
    }
    auto const is_url = uri->starts_with("http://") || uri->starts_with("https://");
    if (!is_url || uri->size() > longest_uri || !may_be_quoted(*uri) ||
        !has_known_placeholders(*uri))
        section.complain(section.find("asset_uri")->place, "asset_uri",
                         fmt::format("must be a URL such as \"https://ads/{{event_id}}.m3u8\", "
                                     "perhaps with {{event_id}} and {{duration}}, got \"{}\"",
                                     *uri));
    cues.interstitial_uri = *uri;
}

} // namespace

void read_hls_tags(Section const& section, Cues& cues) {
    auto const* const key = "hls_tag";
    auto const entry = section.find(key);
    if (!entry) return;
    if (!entry->value.IsSequence()) {
        if (!section.text(key)) return;
        if (auto const style = read_style(section, *entry, key)) cues.tags = {*style};
        return;
    }
    cues.tags.clear();
    for (auto const& element : section.list(key, all_styles.size()))
        if (auto const style = read_style(section, element, key)) {
            if (std::ranges::find(cues.tags, *style) != cues.tags.end())
                section.complain(element.place, key,
                                 fmt::format("names {} twice", hls::to_text(*style)));
            cues.tags.push_back(*style);
        }
}

void read_cues(Section const& section, Cues& cues, Problems& problems) {
    read_hls_tags(section, cues);
    if (auto const interstitial = section.find("interstitial"))
        read_interstitial(*interstitial, cues, problems);
    section.read("cue_discontinuity", on_off, cues.discontinuity);
}

} // namespace continuo::config
