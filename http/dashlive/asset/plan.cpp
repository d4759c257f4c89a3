#include "http/dashlive/asset/plan.hpp"

#include "core/dash/date_time.hpp"
#include "core/dash/segment_template.hpp"
#include "http/dashlive/asset/names.hpp"
#include "http/dashlive/asset/part_lists.hpp"
#include "http/dashlive/asset/representation_kind.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

namespace continuo::dashlive {
namespace {

using dash::Element;
using storage::Accepted;
using storage::refused;

constexpr std::size_t most_tracks = 200;
constexpr std::size_t most_segments_in_all = 1'000'000;
constexpr std::uint64_t max_duration = std::uint64_t{1} << 40;

std::string attribute(Element const& element, std::string_view name) {
    auto const* const value = element.find_attribute(name);
    return value ? *value : std::string();
}

/// Of a Representation, or, where that has none, of its AdaptationSet.
std::string inherited(Element const& set, Element const& representation, std::string_view name) {
    auto value = attribute(representation, name);
    return value.empty() ? attribute(set, name) : value;
}

void remove_children(Element& element, std::string_view name) {
    std::erase_if(element.children,
                  [&](Element const& child) { return dash::local_name(child.name) == name; });
}

/// `below` with what it doesn't have from `above`.
Element merged(Element below, Element const& above) {
    for (auto const& [name, value] : above.attributes)
        if (!below.find_attribute(name)) below.set_attribute(name, value);
    for (auto const& child : above.children)
        if (!below.find_child(dash::local_name(child.name))) below.children.push_back(child);
    return below;
}

/// What Period, AdaptationSet and Representation say of segments, the inner one last.
struct Level {
    std::string base;
    std::optional<Element> segments; ///< SegmentTemplate, SegmentList or SegmentBase
};

/// Takes these out of `element`.
Accepted<Level> level_below(Level const& above, Element& element) {
    auto base = base_below(above.base, element);
    if (!base) return base.error();
    Level level{.base = *std::move(base), .segments = above.segments};
    for (auto const* const kind : {"SegmentTemplate", "SegmentList", "SegmentBase"}) {
        if (auto* const child = element.find_child(kind)) {
            bool const is_same_kind = above.segments && dash::local_name(above.segments->name) ==
                                                            dash::local_name(child->name);
            level.segments = is_same_kind ? merged(*child, *above.segments) : *child;
            break;
        }
    }
    for (auto const* const name : {"BaseURL", "SegmentTemplate", "SegmentList", "SegmentBase"})
        remove_children(element, name);
    return level;
}

/// How long the period is, as far as anything says so.
std::optional<std::chrono::milliseconds> period_length(Element const& mpd, Element const& period) {
    for (auto const& text :
         {attribute(period, "duration"), attribute(mpd, "mediaPresentationDuration")})
        if (auto const length = dash::parse_duration(text)) return *length;
    return std::nullopt;
}

/// Up to there an @r="-1" goes, on the timeline's clock.
std::optional<std::uint64_t> timeline_end(dash::SegmentTemplate const& segments,
                                          std::optional<std::chrono::milliseconds> length) {
    if (!length || length->count() <= 0 ||
        static_cast<std::uint64_t>(length->count()) > max_duration)
        return std::nullopt;
    auto const units =
        static_cast<std::uint64_t>(length->count()) * segments.timescale / 1000; // < 2^62
    return segments.presentation_time_offset + units;
}

class Planner {
public:
    explicit Planner(std::string name) { result_.manifest.name = std::move(name); }

    Accepted<PlannedManifest> plan(std::string_view document) &&;

private:
    Accepted<> plan_set(Level const& period, Element& set);
    Accepted<Element> plan_track(Level const& level, Element const& set,
                                 Element const& representation);
    Accepted<Element> plan_template(PlannedTrack& track, Level const& level);
    Accepted<> take_segments(PlannedTrack& track, dash::SegmentTemplate const& segments);

    PlannedManifest result_;
    std::optional<std::chrono::milliseconds> length_;
    std::size_t segments_{};
};

Accepted<PlannedManifest> Planner::plan(std::string_view document) && {
    auto root = dash::parse_element(document);
    if (!root) return refused(to_text(root.error()));
    if (dash::local_name(root->name) != "MPD")
        return refused(fmt::format("is no MPD: its root is <{}>", root->name));
    root = dash::with_default_namespace(*std::move(root)); // what we add has no prefix
    if (attribute(*root, "type") == "dynamic")
        return refused("is the MPD of a live stream (type=\"dynamic\"); only static ones, whose "
                       "segments are all there, can be looped");
    auto const mpd_level = level_below({}, *root);
    if (!mpd_level) return mpd_level.error();
    remove_children(*root, "Location");
    auto const is_period = [](Element const& child) {
        return dash::local_name(child.name) == "Period";
    };
    if (auto const periods = std::ranges::count_if(root->children, is_period); periods != 1)
        return refused(fmt::format("has {} Periods; one can be looped", periods));
    auto& period = *std::ranges::find_if(root->children, is_period);
    if (period.find_attribute("xlink:href"))
        return refused("has a Period that is elsewhere (xlink:href)");
    length_ = period_length(*root, period);

    auto const level = level_below(*mpd_level, period);
    if (!level) return level.error();
    for (auto& child : period.children)
        if (dash::local_name(child.name) == "AdaptationSet")
            if (auto const done = plan_set(*level, child); !done) return done.error();
    std::erase_if(period.children, [](Element const& child) {
        return dash::local_name(child.name) == "AdaptationSet" &&
               !child.find_child("Representation");
    });
    if (result_.tracks.empty())
        return refused(result_.notes.empty() ? std::string("has no Representation")
                                             : fmt::format("has no Representation that can be "
                                                           "served: {}",
                                                           result_.notes.front()));
    if (auto const* const information = root->find_child("ProgramInformation"))
        if (auto const* const title = information->find_child("Title"))
            result_.manifest.title = title->text;
    result_.manifest.root = *std::move(root);
    return std::move(result_);
}

Accepted<> Planner::plan_set(Level const& period, Element& set) {
    auto const set_level = level_below(period, set);
    if (!set_level) return set_level.error();
    std::vector<Element> templates;
    std::vector<Element> kept;
    for (auto& child : set.children) {
        if (dash::local_name(child.name) != "Representation") {
            kept.push_back(std::move(child));
            continue;
        }
        auto const id = attribute(child, "id");
        auto const kind = kind_of({.content_type = inherited(set, child, "contentType"),
                                   .mime_type = inherited(set, child, "mimeType"),
                                   .codecs = inherited(set, child, "codecs")});
        if (!kind) {
            result_.notes.push_back(
                fmt::format("Representation \"{}\" is left out: {}", id, kind.error().reason));
            continue;
        }
        if (result_.tracks.size() == most_tracks)
            return refused(fmt::format("has more than {} Representations", most_tracks));
        auto const level = level_below(*set_level, child);
        if (!level)
            return refused(fmt::format("Representation \"{}\": {}", id, level.error().reason));
        auto segments = plan_track(*level, set, child);
        if (!segments)
            return refused(fmt::format("Representation \"{}\" {}", id, segments.error().reason));
        templates.push_back(*std::move(segments));
        if (!set.find_attribute("contentType"))
            set.set_attribute("contentType", std::string(name_of(kind->content)));
        if (inherited(set, child, "mimeType").empty())
            child.set_attribute("mimeType", kind->media_type);
        kept.push_back(std::move(child));
    }
    set.children = std::move(kept);
    auto const is_representation = [](Element const& child) {
        return dash::local_name(child.name) == "Representation";
    };
    auto const first = std::ranges::find_if(set.children, is_representation);
    if (first == set.children.end()) return {};
    if (std::ranges::adjacent_find(templates, std::not_equal_to<>()) == templates.end()) {
        set.children.insert(first, std::move(templates.front()));
        return {};
    }
    auto next = templates.begin();
    for (auto& child : set.children)
        if (is_representation(child)) child.children.push_back(std::move(*next++));
    return {};
}

/// Its SegmentTemplate as `Manifest` has it.
Accepted<Element> Planner::plan_track(Level const& level, Element const& set,
                                      Element const& representation) {
    PlannedTrack track;
    track.id = attribute(representation, "id");
    if (track.id.empty()) return refused("has no @id");
    if (track.id.find('$') != std::string::npos) return refused("has a '$' in its @id");
    auto const bandwidth = attribute(representation, "bandwidth");
    std::from_chars(bandwidth.data(), bandwidth.data() + bandwidth.size(), track.bandwidth_bps);
    track.codecs = inherited(set, representation, "codecs");
    auto const kind = kind_of({.content_type = inherited(set, representation, "contentType"),
                               .mime_type = inherited(set, representation, "mimeType"),
                               .codecs = track.codecs});
    track.content = kind->content;
    track.media_type = kind->media_type;
    bool const has_template =
        level.segments && dash::local_name(level.segments->name) == "SegmentTemplate";
    auto planned = has_template
                       ? plan_template(track, level)
                       : plan_parts(track, level.base, level.segments ? &*level.segments : nullptr);
    if (!planned) return planned.error();
    track.extension = extension_of(track.media);
    result_.tracks.push_back(std::move(track));
    return planned;
}

Accepted<Element> Planner::plan_template(PlannedTrack& track, Level const& level) {
    auto element = *level.segments;
    auto const segments = dash::parse_segment_template(element, {});
    if (!segments) return refused(fmt::format("has a bad {}", to_text(segments.error())));
    TrackName const name{.id = track.id, .bandwidth_bps = track.bandwidth_bps};
    auto media = name_template(level.base, segments->media, name);
    if (!media) return refused(fmt::format("@media {}", media.error().reason));
    track.media = *std::move(media);
    if (track.media.find("$Number") == std::string::npos &&
        track.media.find("$Time") == std::string::npos)
        return refused(
            fmt::format("has neither $Number$ nor $Time$ in @media \"{}\"", segments->media));
    if (track.content != Content::image) {
        auto text = segments->initialisation;
        if (auto const* const child = element.find_child("Initialization"); text.empty() && child)
            text = attribute(*child, "sourceURL");
        if (text.empty()) return refused("has no @initialization");
        auto initialisation = name_template(level.base, text, name);
        if (!initialisation)
            return refused(fmt::format("@initialization {}", initialisation.error().reason));
        track.initialisation = *std::move(initialisation);
        track.header = PlannedPart{.path = track.initialisation, .offset = 0, .bytes = {}};
        element.set_attribute("initialization",
                              level.base.empty() ? text : uri_of_template(track.initialisation));
        remove_children(element, "Initialization");
    }
    if (!level.base.empty()) element.set_attribute("media", uri_of_template(track.media));
    if (auto const done = take_segments(track, *segments); !done) return done.error();
    return element;
}

Accepted<> Planner::take_segments(PlannedTrack& track, dash::SegmentTemplate const& segments) {
    track.timescale = segments.timescale;
    track.presentation_time_offset = segments.presentation_time_offset;
    if (!segments.timeline) {
        if (!segments.duration) return refused("has neither @duration nor a SegmentTimeline");
        track.segments = NumberedSegments{.first = segments.start_number,
                                          .last = segments.end_number,
                                          .duration = *segments.duration};
        return {};
    }
    auto const entries = dash::segments_of(*segments.timeline, timeline_end(segments, length_));
    if (!entries)
        return refused(fmt::format("has a bad SegmentTimeline: {}", to_text(entries.error())));
    if (entries->empty()) return refused("has a SegmentTimeline without S");
    if ((segments_ += entries->size()) > most_segments_in_all)
        return refused(
            fmt::format("is one too many: there are more than {} segments, with those of "
                        "the Representations before",
                        most_segments_in_all));
    ListedSegments parts;
    auto number = segments.start_number;
    for (auto const& entry : *entries) {
        auto path = path_of_segment(track, number++, entry.start);
        if (!path) return path.error();
        parts.push_back({.path = *std::move(path), .offset = 0, .bytes = {}});
    }
    track.segments = std::move(parts);
    return {};
}

} // namespace

Accepted<std::string> path_of_segment(PlannedTrack const& track, std::uint64_t number,
                                      std::uint64_t time) {
    auto path = dash::expanded(track.media, {.representation_id = track.id,
                                             .bandwidth_bps = track.bandwidth_bps,
                                             .number = number,
                                             .time = time});
    if (!path) return refused(to_text(path.error()));
    return *std::move(path);
}

Accepted<PlannedManifest> plan_of(std::string name, std::string_view document) {
    return Planner(std::move(name)).plan(document);
}

} // namespace continuo::dashlive
