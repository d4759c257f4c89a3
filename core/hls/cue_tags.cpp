#include "core/hls/cue_tags.hpp"

#include "core/base/binary_text.hpp"
#include "core/hls/value.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

namespace continuo::hls {
namespace {

using timeline::BreakMark;
using Lines = std::vector<std::string>;

/// "10.0", "13.4", "0.333333": six decimals at most, one at least.
std::string short_seconds(Ticks90k duration) {
    auto text = seconds_text(duration);
    auto const last = text.find_last_not_of('0');
    text.resize(text[last] == '.' ? last + 2 : last + 1);
    return text;
}

/// The section that a tag of this mark carries: where a break returned by itself, that of its
/// beginning.
std::string const& section_of(BreakMark const& mark) {
    return mark.in ? mark.in->section : mark.out.section;
}

std::string x_cue(BreakMark const& mark) {
    auto const& planned = mark.out.planned;
    switch (mark.kind) {
    case BreakMark::Kind::out:
        return planned ? fmt::format("#EXT-X-CUE-OUT:{}", short_seconds(*planned))
                       : "#EXT-X-CUE-OUT";
    case BreakMark::Kind::cont:
        return planned ? fmt::format("#EXT-X-CUE-OUT-CONT:{}/{}", seconds_text(mark.elapsed),
                                     short_seconds(*planned))
                       : fmt::format("#EXT-X-CUE-OUT-CONT:{}", seconds_text(mark.elapsed));
    case BreakMark::Kind::in: return "#EXT-X-CUE-IN";
    }
    return {};
}

std::string_view scte35_role(BreakMark::Kind kind) {
    switch (kind) {
    case BreakMark::Kind::out: return "CUE-OUT=YES";
    case BreakMark::Kind::cont: return "CUE-OUT=CONT";
    case BreakMark::Kind::in: return "CUE-IN=YES";
    }
    return {};
}

std::string x_scte35(BreakMark const& mark) {
    return fmt::format("#EXT-X-SCTE35:CUE=\"{}\",{}", section_of(mark), scte35_role(mark.kind));
}

/// A break that returned by itself has no section for its end, and its first one a second time
/// would be another OUT.
void add_splicepoint(Lines& lines, BreakMark const& mark) {
    if (mark.kind == BreakMark::Kind::out)
        lines.push_back(fmt::format("#EXT-X-SPLICEPOINT-SCTE35:{}", mark.out.section));
    if (mark.kind == BreakMark::Kind::in && mark.in)
        lines.push_back(fmt::format("#EXT-X-SPLICEPOINT-SCTE35:{}", mark.in->section));
}

/// ",SCTE35-OUT=0xFC30..."; nothing for a section that is none.
std::string scte35_attribute(std::string_view name, std::string const& section) {
    auto const bytes = bytes_of_base64(section);
    if (!bytes || bytes->empty()) return {};
    return fmt::format(",{}=0x{}", name, hex_of(*bytes));
}

/// The number of the break's first segment makes event ids, which encoders use again, unique.
std::string id_of(BreakMark const& mark) {
    return fmt::format("{}-{}", mark.out.event_id, mark.first_number);
}

std::string opened_range(BreakMark const& mark) {
    auto const planned =
        mark.out.planned ? ",PLANNED-DURATION=" + short_seconds(*mark.out.planned) : std::string();
    return fmt::format("#EXT-X-DATERANGE:ID=\"{}\",START-DATE=\"{}\"{}{}", id_of(mark),
                       date_text(mark.start_date), planned,
                       scte35_attribute("SCTE35-OUT", mark.out.section));
}

/// Both dates are written in milliseconds, and the duration is the difference of what is written.
std::string closed_range(BreakMark const& mark) {
    using std::chrono::milliseconds;
    auto const end = std::max(mark.end_date.value_or(mark.start_date), mark.start_date);
    auto const duration =
        std::chrono::floor<milliseconds>(end) - std::chrono::floor<milliseconds>(mark.start_date);
    return fmt::format("#EXT-X-DATERANGE:ID=\"{}\",START-DATE=\"{}\",END-DATE=\"{}\",DURATION={}{}",
                       id_of(mark), date_text(mark.start_date), date_text(end),
                       short_seconds(duration),
                       mark.in ? scte35_attribute("SCTE35-IN", mark.in->section) : "");
}

std::string filled_in(std::string text, std::string_view placeholder, std::string const& value) {
    for (auto at = text.find(placeholder); at != std::string::npos;
         at = text.find(placeholder, at + value.size()))
        text.replace(at, placeholder.size(), value);
    return text;
}

/// An asset in place of the break: players leave for as long as it was planned, and come back to
/// what is live then.
std::string interstitial(BreakMark const& mark, std::string const& uri_template) {
    auto const planned = mark.out.planned ? short_seconds(*mark.out.planned) : std::string();
    auto uri = filled_in(uri_template, "{event_id}", fmt::format("{}", mark.out.event_id));
    uri = filled_in(std::move(uri), "{duration}", planned.empty() ? "0" : planned);
    auto const limits =
        planned.empty()
            ? std::string()
            : fmt::format(",DURATION={0},X-RESUME-OFFSET={0},X-PLAYOUT-LIMIT={0}", planned);
    return fmt::format("#EXT-X-DATERANGE:ID=\"{}-ad\",CLASS=\"com.apple.hls.interstitial\","
                       "START-DATE=\"{}\"{},X-ASSET-URI=\"{}\"",
                       id_of(mark), date_text(mark.start_date), limits, uri);
}

void add_style(Lines& lines, BreakMark const& mark, CueStyle style) {
    switch (style) {
    case CueStyle::x_cue: lines.push_back(x_cue(mark)); return;
    case CueStyle::x_scte35: lines.push_back(x_scte35(mark)); return;
    case CueStyle::x_splicepoint: add_splicepoint(lines, mark); return;
    case CueStyle::x_daterange:
        if (mark.kind == BreakMark::Kind::out) lines.push_back(opened_range(mark));
        if (mark.kind == BreakMark::Kind::in) lines.push_back(closed_range(mark));
        return;
    }
}

void add_lines(Lines& lines, BreakMark const& mark, CueTags const& tags) {
    for (auto const style : tags.styles)
        add_style(lines, mark, style);
    if (mark.kind == BreakMark::Kind::out && !tags.interstitial_uri.empty())
        lines.push_back(interstitial(mark, tags.interstitial_uri));
}

bool has_style(CueTags const& tags, CueStyle style) {
    return std::ranges::find(tags.styles, style) != tags.styles.end();
}

} // namespace

std::vector<std::string> CueTags::lines(std::span<BreakMark const> marks) const {
    Lines lines;
    for (auto const& mark : marks)
        add_lines(lines, mark, *this);
    return lines;
}

std::vector<std::string> CueTags::first_lines(std::span<BreakMark const> marks) const {
    Lines lines;
    for (auto const& mark : marks) {
        if (mark.kind == BreakMark::Kind::cont && has_style(*this, CueStyle::x_daterange))
            lines.push_back(opened_range(mark));
        add_lines(lines, mark, *this);
        if (mark.kind == BreakMark::Kind::cont && !interstitial_uri.empty())
            lines.push_back(interstitial(mark, interstitial_uri));
    }
    return lines;
}

} // namespace continuo::hls
