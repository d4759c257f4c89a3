#include "http/dashlive/hls/breaks.hpp"

#include "core/base/binary_text.hpp"
#include "core/hls/cue_tags.hpp"
#include "http/dashlive/media/events.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace continuo::dashlive {
namespace {

using std::chrono::seconds;
using timeline::BreakMark;

__extension__ using Wide = __int128; // a time of 63 bits by a timescale

constexpr seconds longest_break{20}; // of any pattern

/// A time in seconds against one of the pictures.
bool is_before(seconds time, std::int64_t units, std::uint32_t timescale) noexcept {
    return Wide{time.count()} * timescale < units;
}

std::vector<Splice> splices(Options const& options, seconds from, seconds to) {
    return splices_between(*options.splices_per_minute, std::max(from, seconds{0}),
                           std::max(to, seconds{0}));
}

timeline::Cue cue_of(Splice const& splice, timeline::Cue::Kind kind) {
    auto const is_out = kind == timeline::Cue::Kind::out;
    timeline::Cue cue;
    cue.kind = kind;
    cue.event_id = static_cast<std::uint32_t>(splice.start.count());
    cue.time = wrapped(is_out ? splice.start : splice.start + splice.duration);
    if (is_out) cue.planned = splice.duration;
    cue.auto_return = is_out;
    cue.section = base64_of(splice_section(splice, is_out));
    return cue;
}

/// Of a splice whose range is opened, told again or closed; its ID has the number of the segment in
/// which the break begins.
BreakMark mark_of(Session const& session, Splice const& splice, BreakMark::Kind kind) {
    auto const& pictures = session.asset->pictures();
    auto const start = splice.start.count() * std::int64_t{pictures.timescale()};
    BreakMark mark;
    mark.kind = kind;
    mark.out = cue_of(splice, timeline::Cue::Kind::out);
    mark.first_number =
        static_cast<std::uint64_t>(session.number_of(pictures.index_covering(start)));
    mark.start_date = session.epoch + splice.start;
    if (kind == BreakMark::Kind::in) {
        mark.in = cue_of(splice, timeline::Cue::Kind::in);
        mark.end_date = mark.start_date + splice.duration;
    }
    return mark;
}

} // namespace

HlsBreaks::HlsBreaks(Session const& session) noexcept
    : session_(session)
    , has_periods_(session.options->periods_per_hour.value_or(0) > 0 &&
                   !session.options->is_continuous) {}

std::int64_t HlsBreaks::period_of(std::int64_t index) const {
    auto const& pictures = session_.asset->pictures();
    auto const length = Wide{3600 / *session_.options->periods_per_hour} * pictures.timescale();
    auto const first = pictures.place_of(session_.first_index).start;
    return static_cast<std::int64_t>((Wide{pictures.place_of(index).start} - first) / length);
}

bool HlsBreaks::is_discontinuity(std::int64_t index) const {
    return has_periods_ && index > session_.first_index && period_of(index) != period_of(index - 1);
}

std::uint64_t HlsBreaks::discontinuities_before(std::int64_t index) const {
    if (!has_periods_ || index <= session_.first_index) return 0;
    return static_cast<std::uint64_t>(period_of(index - 1));
}

std::vector<std::string> HlsBreaks::tags(std::int64_t index, bool is_first) const {
    auto const& options = *session_.options;
    if (!options.splices_per_minute) return {};
    auto const& pictures = session_.asset->pictures();
    auto const scale = pictures.timescale();
    auto const segment = pictures.place_of(index);
    auto const before = index > 0 ? pictures.place_of(index - 1).start : 0;
    auto const session_start = pictures.place_of(session_.first_index).start;

    std::vector<BreakMark> marks;
    for (auto const& splice :
         splices(options, seconds{before / scale} - longest_break, // whose end may be in here
                 seconds{segment.end / scale + 1} + splice_notice)) {
        auto const announced = splice.start - splice_notice;
        auto const over = splice.start + splice.duration;
        auto const is_told = !is_before(announced, session_start + 1, scale); // by any segment
        if (!is_told) continue;
        auto const is_after = [&](seconds time, std::int64_t units) {
            return !is_before(time, units + 1, scale);
        };
        if (is_after(announced, segment.start)) {
            if (!is_after(announced, segment.end))
                marks.push_back(mark_of(session_, splice, BreakMark::Kind::out));
        } else if (is_after(over, segment.start)) {
            marks.push_back(mark_of(session_, splice, BreakMark::Kind::cont));
        } else if (is_after(over, before)) {
            marks.push_back(mark_of(session_, splice, BreakMark::Kind::in));
        }
    }
    hls::CueTags const ranges{.styles = {hls::CueStyle::x_daterange}};
    return is_first ? ranges.first_lines(marks) : ranges.lines(marks);
}

} // namespace continuo::dashlive
