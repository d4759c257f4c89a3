#include "http/dashlive/mpd/template.hpp"

#include "core/dash/segment_template.hpp"
#include "http/dashlive/mpd/patterns.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <string>
#include <string_view>
#include <utility>

namespace continuo::dashlive {
namespace {

using dash::Element;

__extension__ using Wide = __int128; // of durations, timescales and counts, multiplied

/// A length of time that each segment has on average.
struct MeanDuration {
    std::uint32_t timescale{1};
    std::uint64_t duration{};
};

/// As the asset's MPD has it, if that is right; else in units of the track, if these can say it;
/// else in the coarsest that can.
Answer<MeanDuration> mean_duration(timeline::SegmentLoop const& pictures, std::uint32_t timescale,
                                   dash::SegmentTemplate const& original) {
    // A mean of `length` / `divisor` seconds.
    Wide const length = pictures.length();
    Wide const divisor = Wide{pictures.timescale()} * static_cast<Wide>(pictures.size());
    if (original.duration && *original.duration * divisor == length * original.timescale)
        return MeanDuration{original.timescale, *original.duration};
    if (length * timescale % divisor == 0)
        return MeanDuration{timescale, static_cast<std::uint64_t>(length * timescale / divisor)};
    auto const common = std::gcd(pictures.length(), static_cast<std::int64_t>(divisor));
    auto const coarsest = static_cast<std::int64_t>(divisor) / common;
    auto const finer = 1 + 1000 / coarsest; // for offsets to the millisecond
    if (coarsest * finer > timeline::max_timescale)
        return Refusal{400, fmt::format("the mean duration of its segments, {}/{} s, needs too "
                                        "fine a @timescale; use segtimeline_1",
                                        pictures.length() / common, coarsest)};
    return MeanDuration{static_cast<std::uint32_t>(coarsest * finer),
                        static_cast<std::uint64_t>(pictures.length() / common * finer)};
}

bool is_numbered(Session const& session, Content content) noexcept {
    return content == Content::image || session.options->addressing != Addressing::timeline_time;
}

/// `text` with its one identifier, $Number$ or $Time$, as the session has it.
std::string media_of(std::string_view text, bool by_number, bool has_parts) {
    std::string result;
    while (!text.empty()) {
        auto const begin = std::min(text.find('$'), text.size());
        result += text.substr(0, begin);
        text.remove_prefix(begin);
        if (text.empty()) break;
        auto const end = std::min(text.find('$', 1), text.size() - 1) + 1;
        auto const identifier = text.substr(0, end);
        text.remove_prefix(end);
        bool const is_number = identifier.starts_with("$Number");
        if (!is_number && !identifier.starts_with("$Time")) {
            result += identifier;
            continue;
        }
        if (by_number)
            result += is_number ? identifier : std::string_view("$Number$");
        else
            result += "$Time$";
        if (has_parts) result += "_$SubNumber$";
    }
    return result;
}

std::string ahead_text(Session const& session) {
    if (session.options->is_ahead_for_ever) return "INF";
    return fmt::format("{}", static_cast<double>(session.ahead.count()) / 1000);
}

/// @k of segments that are served in parts: how many there are in one of `duration`.
std::optional<std::int64_t> parts_in(TemplateInput const& input, MeanDuration duration) {
    if (!input.part) return std::nullopt;
    auto const units = Wide{input.part->count()} * duration.timescale; // thousandths
    auto const count = (Wide{2000} * static_cast<Wide>(duration.duration) + units) / (2 * units);
    if (count <= 1) return std::nullopt;
    return static_cast<std::int64_t>(count);
}

void set_start_number(Element& element, Session const& session, std::int64_t index) {
    auto const number = session.number_of(index);
    bool const is_default = number == 1 && session.options->start_number == -1;
    if (!is_default) element.set_number("startNumber", number);
}

Element timeline_element(TemplateInput const& input, std::vector<TimelineRun> const& runs,
                         bool by_number) {
    Element timeline{.name = "SegmentTimeline"};
    timeline.children.reserve(runs.size());
    for (auto const& run : runs) {
        auto& entry = timeline.children.emplace_back(Element{.name = "S"});
        if (!run.follows) entry.set_number("t", run.start);
        if (!run.follows && by_number && timeline.children.size() > 1)
            entry.set_number("n", input.session.number_of(run.index));
        entry.set_number("d", run.duration);
        if (run.count > 1) entry.set_number("r", run.count - 1);
        auto const parts =
            parts_in(input, {input.cut.timescale, static_cast<std::uint64_t>(run.duration)});
        if (parts) entry.set_number("k", *parts);
    }
    return timeline;
}

/// Nothing where the segments have no pattern, or a pattern is not asked for.
std::optional<Element> pattern_in(TemplateInput const& input) {
    auto const& options = *input.session.options;
    if (!options.has_patterns || options.shows_losses || input.content != Content::audio)
        return std::nullopt;
    return pattern_timeline(input.cut, input.plan.listed);
}

Answer<> add_timeline(Element& element, TemplateInput const& input) {
    auto const& session = input.session;
    auto const by_number = is_numbered(session, input.content);
    if (auto pattern = pattern_in(input)) {
        if (by_number) set_start_number(element, session, input.plan.listed.begin);
        element.children.push_back(std::move(*pattern));
        return {};
    }
    auto const runs = timeline_of(session, input.cut, input.plan.listed);
    if (!runs) return runs.error();
    if (by_number)
        set_start_number(element, session,
                         runs->empty() ? input.plan.listed.begin : runs->front().index);
    element.children.push_back(timeline_element(input, *runs, by_number));
    return {};
}

Answer<> add_durations(Element& element, TemplateInput const& input, MeanDuration mean) {
    element.set_number("duration", static_cast<std::int64_t>(mean.duration));
    set_start_number(element, input.session, input.plan.period.segments.begin);
    if (auto const parts = parts_in(input, mean)) element.set_number("k", *parts);
    return {};
}

} // namespace

Answer<Element> segment_template_of(TemplateInput const& input) {
    auto const& session = input.session;
    auto const original = dash::parse_segment_template(input.original, {});
    if (!original) return Refusal{500, to_text(original.error())};
    bool const has_timeline =
        session.options->addressing != Addressing::number && input.content != Content::image;
    MeanDuration mean{input.cut.timescale, 0};
    if (!has_timeline) {
        auto const found = mean_duration(session.asset->pictures(), input.cut.timescale, *original);
        if (!found) return found.error();
        mean = *found;
    }
    Element element{.name = "SegmentTemplate"};
    element.set_attribute(
        "media", media_of(original->media, is_numbered(session, input.content), input.has_parts));
    if (!original->initialisation.empty())
        element.set_attribute("initialization", original->initialisation);
    element.set_number("timescale", mean.timescale);
    if (auto const offset = presentation_time_offset(session, input.plan.period, mean.timescale);
        offset != 0)
        element.set_number("presentationTimeOffset", offset);
    if (session.ahead.count() != 0 || session.options->is_ahead_for_ever)
        element.set_attribute("availabilityTimeOffset", ahead_text(session));
    if (session.options->chunk_duration && input.content != Content::image)
        element.set_attribute("availabilityTimeComplete", "false");
    auto const added =
        has_timeline ? add_timeline(element, input) : add_durations(element, input, mean);
    if (!added) return added.error();
    return element;
}

} // namespace continuo::dashlive
