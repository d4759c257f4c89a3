#include "core/scte35/event.hpp"

#include <algorithm>
#include <array>

namespace continuo::scte35 {
namespace {

constexpr std::array<std::uint8_t, 13> types_that_begin{0x10, 0x20, 0x22, 0x30, 0x32, 0x34, 0x36,
                                                        0x38, 0x3A, 0x3C, 0x3E, 0x44, 0x46};

std::optional<Ticks90k> adjusted(std::optional<Ticks90k> pts_time, SpliceInfo const& info) {
    if (!pts_time) return std::nullopt;
    return wrapped(*pts_time + info.pts_adjustment);
}

/// §9.9.2.1: the time of the first component is that of all which tell none.
std::optional<Ticks90k> pts_time_of(SpliceInsert const& splice) {
    if (splice.components && !splice.components->empty())
        return splice.components->front().pts_time;
    return splice.pts_time;
}

Event event_of(SpliceInsert const& splice, SpliceInfo const& info) {
    Event event{.event_id = splice.splice_event_id};
    if (splice.splice_event_cancel_indicator) {
        event.kind = Event::Kind::cancel;
        return event;
    }
    event.kind = splice.out_of_network_indicator ? Event::Kind::out : Event::Kind::in;
    event.time = adjusted(pts_time_of(splice), info);
    if (event.kind == Event::Kind::in || !splice.break_duration) return event;
    event.planned = splice.break_duration->duration;
    event.auto_return = splice.break_duration->auto_return;
    return event;
}

std::optional<Event> event_of(SegmentationDescriptor const& segmentation,
                              std::optional<Ticks90k> time) {
    Event event{.event_id = segmentation.segmentation_event_id, .by_segmentation = true};
    if (segmentation.segmentation_event_cancel_indicator) {
        event.kind = Event::Kind::cancel;
        return event;
    }
    event.time = time;
    if (ends_break(segmentation.segmentation_type_id)) {
        event.kind = Event::Kind::in;
        return event;
    }
    if (!begins_break(segmentation.segmentation_type_id) || !segmentation.segmentation_duration)
        return std::nullopt;
    event.planned = segmentation.segmentation_duration;
    event.auto_return = true;
    return event;
}

} // namespace

std::vector<Event> events_of(SpliceInfo const& info) {
    if (auto const* const splice = std::get_if<SpliceInsert>(&info.command))
        return {event_of(*splice, info)};
    std::vector<Event> events;
    auto const* const signal = std::get_if<TimeSignal>(&info.command);
    if (!signal) return events;
    auto const time = adjusted(signal->pts_time, info);
    for (auto const& descriptor : info.descriptors) {
        auto const* const segmentation = std::get_if<SegmentationDescriptor>(&descriptor.body);
        if (!segmentation) continue;
        if (auto event = event_of(*segmentation, time)) events.push_back(*event);
    }
    return events;
}

bool begins_break(std::uint8_t segmentation_type_id) noexcept {
    return std::ranges::find(types_that_begin, segmentation_type_id) != types_that_begin.end();
}

bool ends_break(std::uint8_t segmentation_type_id) noexcept {
    return segmentation_type_id % 2 == 1 &&
           begins_break(static_cast<std::uint8_t>(segmentation_type_id - 1));
}

} // namespace continuo::scte35
