#include "core/dash/segment_template.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <limits>
#include <utility>

namespace continuo::dash {
namespace {

constexpr std::size_t max_segments = 1'000'000;
constexpr std::uint64_t max_time = std::uint64_t{1} << 62;
constexpr std::uint64_t max_width = 20; // of a formatted number

template <class Number>
std::optional<Number> number_in(std::string_view text) {
    Number number{};
    auto const* const end = text.data() + text.size();
    auto const [behind, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc() || behind != end) return std::nullopt;
    return number;
}

/// Reads attributes of one element up to the first that is wrong.
class Attributes {
public:
    explicit Attributes(Element const& element) : element_(element) {}

    template <class Number, class Value>
    void read(std::string_view name, Value& value, Number lowest = {}) {
        auto const* const text = element_.find_attribute(name);
        if (text == nullptr || error_) return;
        auto const number = number_in<Number>(*text);
        if (number && *number >= lowest)
            value = *number;
        else
            error_ = fail(Errc::malformed, fmt::format("{}@{} \"{}\"", element_.name, name,
                                                       std::string_view(*text).substr(0, 64)));
    }
    void read_text(std::string_view name, std::string& value) {
        if (auto const* const text = element_.find_attribute(name)) value = *text;
    }
    Result<> done() const {
        if (error_) return *error_;
        return {};
    }

private:
    Element const& element_;
    std::optional<Error> error_;
};

Result<std::vector<TimelineEntry>> parse_timeline(Element const& element) {
    std::vector<TimelineEntry> timeline;
    for (auto const& child : element.children) {
        if (local_name(child.name) != "S") continue;
        TimelineEntry entry;
        Attributes attributes(child);
        attributes.read<std::uint64_t>("t", entry.start);
        attributes.read<std::uint64_t>("d", entry.duration, 1);
        attributes.read<std::int64_t>("r", entry.repeat, std::numeric_limits<std::int64_t>::min());
        if (auto const done = attributes.done(); !done) return done.error();
        if (entry.duration == 0) return fail(Errc::malformed, "S without @d");
        timeline.push_back(entry);
    }
    return timeline;
}

Error bad_template(std::string_view text) {
    return fail(Errc::malformed, fmt::format("template \"{}\"", text.substr(0, 200)));
}

/// What an identifier with its format, "Number%05d", stands for; nothing when there is none such.
std::optional<std::string> replacement(std::string_view identifier, SegmentName const& name) {
    if (identifier.empty()) return "$"; // of $$
    if (identifier == "RepresentationID") return std::string(name.representation_id);
    auto const percent = identifier.find('%');
    auto const what = identifier.substr(0, percent);
    std::uint64_t width = 1;
    if (percent != std::string_view::npos) {
        auto format = identifier.substr(percent + 1);
        if (format.size() < 3 || format.front() != '0' || format.back() != 'd') return std::nullopt;
        auto const read = number_in<std::uint64_t>(format.substr(1, format.size() - 2));
        if (!read || *read > max_width) return std::nullopt;
        width = *read;
    }
    std::array<std::pair<std::string_view, std::uint64_t>, 3> const numbers{
        {{"Number", name.number}, {"Time", name.time}, {"Bandwidth", name.bandwidth_bps}}};
    for (auto const& [known, value] : numbers)
        if (what == known) return fmt::format("{:0{}}", value, width);
    return std::nullopt;
}

} // namespace

Result<SegmentTemplate> parse_segment_template(Element const& element,
                                               SegmentTemplate const& inherited) {
    auto result = inherited;
    Attributes attributes(element);
    attributes.read_text("media", result.media);
    attributes.read_text("initialization", result.initialisation);
    attributes.read<std::uint32_t>("timescale", result.timescale, 1);
    attributes.read<std::uint64_t>("presentationTimeOffset", result.presentation_time_offset);
    attributes.read<std::uint64_t>("startNumber", result.start_number);
    attributes.read<std::uint64_t>("endNumber", result.end_number);
    attributes.read<std::uint64_t>("duration", result.duration, 1);
    if (auto const done = attributes.done(); !done) return done.error();
    if (auto const* const timeline = element.find_child("SegmentTimeline")) {
        auto entries = parse_timeline(*timeline);
        if (!entries) return entries.error();
        result.timeline = std::move(*entries);
    }
    return result;
}

Result<std::vector<TimelineSegment>> segments_of(std::vector<TimelineEntry> const& timeline,
                                                 std::optional<std::uint64_t> end) {
    std::vector<TimelineSegment> segments;
    std::uint64_t time = 0;
    for (std::size_t i = 0; i < timeline.size(); ++i) {
        auto const& entry = timeline[i];
        if (entry.start && *entry.start < time)
            return fail(Errc::malformed,
                        fmt::format("S@t {} before {}, where the last S ends", *entry.start, time));
        time = entry.start.value_or(time);
        if (time > max_time || entry.duration > max_time)
            return fail(Errc::out_of_range, fmt::format("S at {}, {} long", time, entry.duration));
        auto count = static_cast<std::uint64_t>(entry.repeat) + 1;
        if (entry.repeat < 0) {
            auto const until = i + 1 < timeline.size() ? timeline[i + 1].start : end;
            if (!until || *until <= time)
                return fail(Errc::malformed, fmt::format("S@r -1 at {} up to no end", time));
            count = (*until - time - 1) / entry.duration + 1;
        }
        if (count > max_segments - segments.size())
            return fail(Errc::out_of_range,
                        fmt::format("SegmentTimeline of more than {} segments", max_segments));
        for (; count > 0; --count) {
            segments.push_back({time, entry.duration});
            time += entry.duration;
            if (time > max_time) return fail(Errc::out_of_range, fmt::format("S at {}", time));
        }
    }
    return segments;
}

Result<std::string> expanded(std::string_view text, SegmentName const& name) {
    std::string result;
    for (auto rest = text; !rest.empty();) {
        auto const begin = rest.find('$');
        result += rest.substr(0, begin);
        if (begin == std::string_view::npos) break;
        auto const end = rest.find('$', begin + 1);
        if (end == std::string_view::npos) return bad_template(text);
        auto const replaced = replacement(rest.substr(begin + 1, end - begin - 1), name);
        if (!replaced) return bad_template(text);
        result += *replaced;
        rest.remove_prefix(end + 1);
    }
    return result;
}

} // namespace continuo::dash
