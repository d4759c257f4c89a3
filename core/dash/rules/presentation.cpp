#include "core/dash/rules/presentation.hpp"

#include <fmt/format.h>

#include <charconv>
#include <string_view>
#include <utility>

namespace continuo::dash::rules {
namespace {

constexpr std::size_t most_bases = 8;
constexpr std::size_t most_representations = 1000;
constexpr double longest_ahead = 1e7; // seconds

template <class Value, class Parse>
Result<std::optional<Value>> read(Element const& element, std::string_view name, Parse parse) {
    auto const* const text = element.find_attribute(name);
    if (!text) return std::optional<Value>();
    auto const value = parse(*text);
    if (!value)
        return Error{value.error().code,
                     fmt::format("{}@{}: {}", element.name, name, value.error().context)};
    return std::optional<Value>(*value);
}

template <class Visit>
void for_each(Element const& parent, std::string_view name, Visit visit) {
    for (auto const& child : parent.children)
        if (local_name(child.name) == name) visit(child);
}

/// What an element hands down to those in it.
struct Inherited {
    std::vector<BaseUrls> bases{BaseUrls{}};
    milliseconds ahead{};
    SegmentTemplate addressing;
    bool has_template{false};
    std::string unknown;
};

/// "INF" is as good as an hour before AST: such segments are there whenever somebody asks.
milliseconds ahead_in(Element const& element) {
    auto const text = attribute(element, "availabilityTimeOffset");
    if (text.empty()) return {};
    double seconds = longest_ahead;
    if (text != "INF") {
        auto const end = text.data() + text.size();
        if (std::from_chars(text.data(), end, seconds).ptr != end || !(seconds >= 0)) return {};
    }
    return milliseconds(static_cast<std::int64_t>(std::min(seconds, longest_ahead) * 1000));
}

Result<> inherit(Element const& element, Inherited& inherited) {
    std::vector<BaseUrls> bases;
    milliseconds ahead{};
    for_each(element, "BaseURL", [&](Element const& base) {
        for (auto chain : inherited.bases) {
            if (bases.size() >= most_bases) return;
            chain.push_back(base.text);
            bases.push_back(std::move(chain));
        }
        ahead = std::max(ahead, ahead_in(base));
    });
    if (!bases.empty()) inherited.bases = std::move(bases);
    inherited.ahead += ahead;
    for (auto const* const other : {"SegmentList", "SegmentBase"})
        if (element.find_child(other)) inherited.unknown = other;
    auto const* const segments = element.find_child("SegmentTemplate");
    if (!segments) return {};
    inherited.has_template = true;
    inherited.unknown.clear();
    auto addressing = parse_segment_template(*segments, inherited.addressing);
    if (!addressing) return addressing.error();
    inherited.addressing = *std::move(addressing);
    inherited.ahead += ahead_in(*segments);
    // Of the 6th edition, and not in the numbers that SegmentTemplate has here.
    for (auto const* const name : {"SegmentTimeline", "SegmentTimelinePattern"}) {
        auto const* const timeline = segments->find_child(name);
        if (!timeline) continue;
        for (auto const& entry : timeline->children)
            if (local_name(entry.name) != "S" || entry.find_attribute("k") ||
                entry.find_attribute("p") || entry.find_attribute("n"))
                inherited.unknown = "SegmentTimeline with patterns or parts";
    }
    return {};
}

Result<Representation> representation_of(Element const& element, Inherited inherited) {
    if (auto const done = inherit(element, inherited); !done) return done.error();
    Representation representation{.id = attribute(element, "id"),
                                  .addressing = std::move(inherited.addressing),
                                  .bases = std::move(inherited.bases),
                                  .ahead = inherited.ahead,
                                  .unknown = std::move(inherited.unknown)};
    auto const bandwidth = attribute(element, "bandwidth");
    std::from_chars(bandwidth.data(), bandwidth.data() + bandwidth.size(),
                    representation.bandwidth_bps);
    if (representation.unknown.empty() && !inherited.has_template)
        representation.unknown = "no SegmentTemplate";
    auto const& addressing = representation.addressing;
    if (representation.unknown.empty() && !addressing.timeline && !addressing.duration)
        representation.unknown = "a SegmentTemplate without durations";
    return representation;
}

Result<Period> period_of(Element const& element, Inherited inherited) {
    Period period{.id = attribute(element, "id")};
    period.is_remote = element.find_attribute("xlink:href") != nullptr;
    if (period.is_remote) inherited.unknown = "a period that lies elsewhere";
    if (auto const done = inherit(element, inherited); !done) return done.error();
    Result<> failed;
    for_each(element, "AdaptationSet", [&](Element const& set) {
        auto of_set = inherited;
        if (failed) failed = inherit(set, of_set);
        for_each(set, "Representation", [&](Element const& each) {
            if (!failed || period.representations.size() >= most_representations) return;
            auto representation = representation_of(each, of_set);
            if (representation)
                period.representations.push_back(*std::move(representation));
            else
                failed = representation.error();
        });
    });
    if (!failed) return failed.error();
    return period;
}

/// When periods start that do not say so (§5.3.2.1), and how long they are.
Result<> place_periods(Element const& root, Presentation& presentation) {
    std::vector<std::optional<milliseconds>> durations;
    std::size_t index = 0;
    Result<> failed;
    for_each(root, "Period", [&](Element const& element) {
        auto const start = read<milliseconds>(element, "start", parse_duration);
        auto const duration = read<milliseconds>(element, "duration", parse_duration);
        if (!start || !duration) {
            if (failed) failed = !start ? start.error() : duration.error();
            return;
        }
        auto& period = presentation.periods[index];
        if (*start)
            period.start = **start;
        else if (index > 0)
            period.start = presentation.periods[index - 1].start +
                           durations[index - 1].value_or(milliseconds::zero());
        durations.push_back(*duration);
        ++index;
    });
    if (!failed) return failed;
    for (std::size_t i = 0; i < presentation.periods.size(); ++i) {
        auto& period = presentation.periods[i];
        if (durations[i])
            period.duration = durations[i];
        else if (i + 1 < presentation.periods.size())
            period.duration = presentation.periods[i + 1].start - period.start;
        else if (presentation.duration)
            period.duration = *presentation.duration - period.start;
    }
    return {};
}

} // namespace

std::string attribute(Element const& element, std::string_view name) {
    auto const* const value = element.find_attribute(name);
    return value ? *value : std::string();
}

Result<Presentation> presentation_of(Element const& root) {
    if (local_name(root.name) != "MPD") return fail(Errc::malformed, "root " + root.name);
    Presentation presentation{.is_live = attribute(root, "type") == "dynamic"};
    auto const start = read<DateTime>(root, "availabilityStartTime", parse_date_time);
    if (!start) return start.error();
    auto const published = read<DateTime>(root, "publishTime", parse_date_time);
    if (!published) return published.error();
    auto const update = read<milliseconds>(root, "minimumUpdatePeriod", parse_duration);
    if (!update) return update.error();
    auto const depth = read<milliseconds>(root, "timeShiftBufferDepth", parse_duration);
    if (!depth) return depth.error();
    auto const duration = read<milliseconds>(root, "mediaPresentationDuration", parse_duration);
    if (!duration) return duration.error();
    presentation.availability_start = *start;
    presentation.publish_time = *published;
    presentation.update_period = *update;
    presentation.buffer_depth = *depth;
    presentation.duration = *duration;
    for_each(root, "UTCTiming", [&](Element const& timing) {
        presentation.timings.push_back(
            {attribute(timing, "schemeIdUri"), attribute(timing, "value")});
    });
    for_each(root, "Location",
             [&](Element const& location) { presentation.locations.push_back(location.text); });
    if (auto const* const patch = root.find_child("PatchLocation"))
        presentation.patch_location = patch->text;

    Inherited inherited;
    if (auto const done = inherit(root, inherited); !done) return done.error();
    Result<> failed;
    for_each(root, "Period", [&](Element const& element) {
        if (!failed) return;
        auto period = period_of(element, inherited);
        if (period)
            presentation.periods.push_back(*std::move(period));
        else
            failed = period.error();
    });
    if (!failed) return failed.error();
    if (presentation.periods.empty()) return fail(Errc::malformed, "MPD without a Period");
    if (auto const done = place_periods(root, presentation); !done) return done.error();
    return presentation;
}

} // namespace continuo::dash::rules
