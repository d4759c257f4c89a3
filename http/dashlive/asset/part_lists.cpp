#include "http/dashlive/asset/part_lists.hpp"

#include "core/dash/segment_template.hpp"
#include "http/dashlive/asset/names.hpp"
#include "http/storage/file_reference.hpp"

#include <fmt/format.h>

#include <charconv>
#include <limits>
#include <utility>

namespace continuo::dashlive {
namespace {

using dash::Element;
using storage::Accepted;
using storage::refused;

/// "0-863" of RFC 9110 §14.1.2, both ends included.
Accepted<> take_range(std::string_view text, PlannedPart& part) {
    auto const* const end = text.data() + text.size();
    std::uint64_t first{}, last{};
    auto const read = std::from_chars(text.data(), end, first);
    if (read.ec == std::errc() && read.ptr != end && *read.ptr == '-') {
        auto const [behind, error] = std::from_chars(read.ptr + 1, end, last);
        if (error == std::errc() && behind == end && first <= last &&
            last < std::numeric_limits<std::uint64_t>::max()) {
            part.offset = first;
            part.bytes = last - first + 1;
            return {};
        }
    }
    return refused(fmt::format("has a bad range \"{}\"", text));
}

/// The file that `url` means, or without one `base` itself.
Accepted<PlannedPart> part_of(std::string const& base, std::string const* url,
                              std::string const* range) {
    PlannedPart part;
    if (url && !url->empty()) {
        auto path = storage::path_of(base, *url);
        if (!path) return path.error();
        part.path = *std::move(path);
    } else if (base.empty() || base.ends_with("/_")) {
        return refused("names no file: neither by a template nor by BaseURL");
    } else {
        part.path = base;
    }
    if (range)
        if (auto const done = take_range(*range, part); !done) return done.error();
    return part;
}

Accepted<> plan_list(PlannedTrack& track, std::string const& base, Element const& list) {
    ListedSegments parts;
    for (auto const& child : list.children) {
        if (dash::local_name(child.name) != "SegmentURL") continue;
        auto part =
            part_of(base, child.find_attribute("media"), child.find_attribute("mediaRange"));
        if (!part) return part.error();
        parts.push_back(*std::move(part));
    }
    if (parts.empty()) return refused("has a SegmentList without SegmentURL");
    track.segments = std::move(parts);
    return {};
}

} // namespace

Accepted<Element> plan_parts(PlannedTrack& track, std::string const& base,
                             Element const* segments) {
    static Element const nothing;
    auto const& given = segments ? *segments : nothing;
    bool const is_list = dash::local_name(given.name) == "SegmentList";
    auto const clock = dash::parse_segment_template(given, {});
    if (!clock) return refused(fmt::format("has a bad {}", to_text(clock.error())));
    track.timescale = clock->timescale;
    track.presentation_time_offset = clock->presentation_time_offset;
    if (track.content != Content::image) {
        auto const* const initialisation = given.find_child("Initialization");
        auto header =
            part_of(base, initialisation ? initialisation->find_attribute("sourceURL") : nullptr,
                    initialisation ? initialisation->find_attribute("range") : nullptr);
        if (!header) return header.error();
        track.header = *std::move(header);
        track.initialisation = track.id + "/init.mp4";
    }
    if (is_list) {
        if (auto const done = plan_list(track, base, given); !done) return done.error();
    } else {
        auto file = part_of(base, nullptr, nullptr);
        if (!file) return file.error();
        track.segments = IndexedSegments{std::move(file->path)};
    }
    track.media = track.id + (track.content == Content::image ? "/$Number$.jpg" : "/$Number$.m4s");
    Element result;
    result.name = "SegmentTemplate";
    if (clock->timescale != 1)
        result.set_attribute("timescale", fmt::format("{}", clock->timescale));
    if (clock->duration) result.set_attribute("duration", fmt::format("{}", *clock->duration));
    result.set_attribute("startNumber", "1");
    if (track.header) result.set_attribute("initialization", uri_of_template(track.initialisation));
    result.set_attribute("media", uri_of_template(track.media));
    return result;
}

} // namespace continuo::dashlive
