#include "http/dashlive/media/events.hpp"

#include "core/mp4/event_message.hpp"
#include "core/scte35/splice_request.hpp"
#include "core/timeline/addressing.hpp"
#include "http/dashlive/session/outages.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <span>
#include <string>

namespace continuo::dashlive {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

__extension__ using Wide = __int128; // a time of 63 bits by a timescale

constexpr std::uint32_t splice_timescale = 90'000;            // of livesim1's messages
constexpr std::uint64_t splice_clock = 1ULL << 33;            // SCTE 35 §9.9.1: pts_time
constexpr std::array announced_once{splice_notice};           // livesim2
constexpr std::array announced_twice{seconds{8}, seconds{6}}; // livesim1

/// A minute's breaks, by how many there are of them.
std::vector<Splice> pattern(std::uint32_t per_minute) {
    switch (per_minute) {
    case 1: return {{seconds{10}, seconds{20}}};
    case 2: return {{seconds{10}, seconds{10}}, {seconds{40}, seconds{10}}};
    case 3:
        return {{seconds{10}, seconds{10}}, {seconds{36}, seconds{10}}, {seconds{46}, seconds{10}}};
    default: return {};
    }
}

std::uint64_t pts_of(seconds time) noexcept {
    return static_cast<std::uint64_t>(time.count()) * splice_timescale % splice_clock;
}

std::uint32_t id_of(Splice const& splice) noexcept {
    return static_cast<std::uint32_t>(splice.start.count());
}

std::uint32_t units(seconds duration, std::uint32_t timescale) noexcept {
    auto const exact = static_cast<std::uint64_t>(duration.count()) * timescale;
    return static_cast<std::uint32_t>(
        std::min<std::uint64_t>(exact, std::numeric_limits<std::uint32_t>::max()));
}

std::span<std::uint8_t const> bytes_of(std::string_view text) noexcept {
    return {reinterpret_cast<std::uint8_t const*>(text.data()), text.size()};
}

/// On the presentation's own clock.
std::vector<std::uint8_t> binary_message(Splice const& splice, Track const& track) {
    auto const section = splice_section(splice, /*is_out=*/true);
    return encode(mp4::EventMessage{.offset = 0,
                                    .version = 1,
                                    .scheme_id_uri = std::string(splice_scheme),
                                    .value = {},
                                    .timescale = track.timescale,
                                    .time = static_cast<std::uint64_t>(splice.start.count()) *
                                            track.timescale,
                                    .duration = units(splice.duration, track.timescale),
                                    .id = id_of(splice),
                                    .data = section});
}

/// The same in XML (ANSI/SCTE 35 §11), counted from the segment's start.
std::vector<std::uint8_t> xml_message(Splice const& splice, Track const& track,
                                      std::int64_t segment_start) {
    auto const xml = fmt::format(
        R"(<SpliceInfoSection xmlns="http://www.scte.org/schemas/35/2014SCTE35.xsd" )"
        R"(ptsAdjustment="0" tier="4095"><SpliceInsert spliceEventId="{}" )"
        R"(spliceEventCancelIndicator="false" outOfNetworkIndicator="true" )"
        R"(uniqueProgramId="1" availNum="1" availsExpected="1" spliceImmediateFlag="false">)"
        R"(<Program><SpliceTime ptsTime="{}"/></Program>)"
        R"(<BreakDuration autoReturn="true" duration="{}"/></SpliceInsert></SpliceInfoSection>)",
        id_of(splice), pts_of(splice.start), units(splice.duration, splice_timescale));
    auto const ahead = Wide{splice.start.count()} * splice_timescale -
                       timeline::rescaled_up({segment_start, track.timescale}, splice_timescale);
    return encode(mp4::EventMessage{.offset = 0,
                                    .version = 0,
                                    .scheme_id_uri = std::string(splice_xml_scheme),
                                    .value = std::string(splice_xml_value),
                                    .timescale = splice_timescale,
                                    .time = static_cast<std::uint64_t>(std::max<Wide>(ahead, 0)),
                                    .duration = units(splice.duration, splice_timescale),
                                    .id = id_of(splice),
                                    .data = bytes_of(xml)});
}

/// Whether `time` is in (start, end] of the segment.
bool covers(Interval const& segment, Track const& track, seconds time) noexcept {
    auto const at = Wide{time.count()} * track.timescale;
    return segment.start < at && at <= segment.end;
}

/// The boxes of the breaks that the segment at `index` announces.
std::vector<std::uint8_t> announcements(Session const& session, Track const& track,
                                        std::int64_t index) {
    auto const per_minute = session.options->splices_per_minute;
    if (!per_minute) return {};
    auto const is_xml = session.options->dialect == Dialect::livesim1;
    auto const segment = interval_of(*session.asset, track, index);
    auto const from = seconds{segment.start / track.timescale};
    auto const to = seconds{segment.end / track.timescale + 1};
    auto const leads = is_xml ? std::span<seconds const>(announced_twice)
                              : std::span<seconds const>(announced_once);
    std::vector<std::uint8_t> boxes;
    for (auto const lead : leads)
        for (auto const& splice : splices_between(*per_minute, from + lead, to + lead)) {
            if (!covers(segment, track, splice.start - lead)) continue;
            auto const box =
                is_xml ? xml_message(splice, track, segment.start) : binary_message(splice, track);
            boxes.insert(boxes.end(), box.begin(), box.end());
        }
    return boxes;
}

/// That all MPDs which list this segment as the last one, and older ones, end with it.
std::vector<std::uint8_t> validity_message(Session const& session, Track const& track,
                                           std::int64_t index) {
    auto const segment = interval_of(*session.asset, track, index);
    auto const listed_from = std::max(session.available_at(index), session.availability_start);
    auto const published = dash::to_text(listed_from) + '\0'; // of the MPD that lists it
    return encode(mp4::EventMessage{.offset = 0,
                                    .version = 0,
                                    .scheme_id_uri = std::string(validity_scheme),
                                    .value = std::string(validity_value),
                                    .timescale = track.timescale,
                                    .time = static_cast<std::uint64_t>(segment.end - segment.start),
                                    .duration = 0,
                                    .id = static_cast<std::uint32_t>(session.number_of(index)),
                                    .data = bytes_of(published)});
}

} // namespace

std::vector<Splice> splices_between(std::uint32_t per_minute, seconds from, seconds to) {
    auto const minute = pattern(per_minute);
    std::vector<Splice> found;
    for (seconds begin = std::chrono::floor<minutes>(from); begin < to; begin += minutes{1})
        for (auto const& splice : minute)
            if (begin + splice.start >= from && begin + splice.start < to)
                found.push_back({begin + splice.start, splice.duration});
    return found;
}

std::vector<std::uint8_t> splice_section(Splice const& splice, bool is_out) {
    scte35::SpliceRequest request{.out = is_out, .event_id = id_of(splice)};
    request.time = Ticks90k(
        static_cast<std::int64_t>(pts_of(is_out ? splice.start : splice.start + splice.duration)));
    if (is_out) request.duration = splice.duration;
    return encode(scte35::splice_insert_of(request));
}

std::vector<std::uint8_t> events_of(Session const& session, Track const& track,
                                    std::int64_t index) {
    if (track.content != Content::video) return {};
    auto boxes = announcements(session, track, index);
    if (!is_lost(session, index) && is_lost(session, index + 1)) {
        auto const message = validity_message(session, track, index);
        boxes.insert(boxes.end(), message.begin(), message.end());
    }
    return boxes;
}

} // namespace continuo::dashlive
