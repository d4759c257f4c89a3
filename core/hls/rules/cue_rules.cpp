#include "core/hls/rules/cue_rules.hpp"

#include "core/hls/attribute_list.hpp"
#include "core/hls/line_reader.hpp"
#include "core/hls/value.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

namespace continuo::hls::rules {
namespace {

constexpr std::string_view date_range_tag = "#EXT-X-DATERANGE";
constexpr std::array<std::string_view, 5> cue_tag_names{"#EXT-X-CUE-OUT", "#EXT-X-CUE-OUT-CONT",
                                                        "#EXT-X-CUE-IN", "#EXT-X-SCTE35",
                                                        "#EXT-X-SPLICEPOINT-SCTE35"};
/// EXTINF and elapsed times are rounded, each on its own.
constexpr double rounding_s = 0.05;
/// Dates are written in milliseconds, durations perhaps finer.
constexpr std::chrono::microseconds date_rounding{1500};

/// Seconds, and how exactly they are written.
struct Elapsed {
    double seconds{};
    double exact_to{}; ///< "8": 1, "8.04": 0.01
};

/// "2.021333/10.0", "8/30", "8.5" and "ElapsedTime=8.5,Duration=30"; nothing for other forms.
std::optional<Elapsed> elapsed_of(std::string_view value) {
    if (auto const attributes = AttributeList::parse(value);
        attributes && attributes->find("ElapsedTime"))
        value = *attributes->find("ElapsedTime");
    auto const text = value.substr(0, value.find('/'));
    auto const seconds = parse_decimal(text);
    if (!seconds) return std::nullopt;
    auto const point = text.find('.');
    auto const decimals = point == std::string_view::npos ? 0 : text.size() - point - 1;
    return Elapsed{*seconds, std::pow(10, -static_cast<double>(decimals))};
}

/// What EXT-X-CUE-... say of one segment.
struct Cues {
    bool out{false};
    bool cont{false};
    bool in{false};
    std::optional<Elapsed> elapsed; ///< of `cont`
};

Cues cues_of(MediaSegment const& segment) {
    Cues cues;
    for (auto const& line : segment.extra_tags) {
        auto const tag = split_tag(line);
        if (tag.name == "#EXT-X-CUE-OUT") cues.out = true;
        if (tag.name == "#EXT-X-CUE-IN") cues.in = true;
        if (tag.name != "#EXT-X-CUE-OUT-CONT") continue;
        cues.cont = true;
        cues.elapsed = elapsed_of(tag.value);
    }
    return cues;
}

/// Walks over a list's EXT-X-CUE-... tags. Of what lies before the list it assumes nothing; where
/// nobody writes CONT, a break ends unseen.
class BreakWalk {
public:
    explicit BreakWalk(MediaPlaylist const& playlist) : playlist_(playlist) {
        for (auto const& segment : playlist.segments)
            cues_.push_back(cues_of(segment));
        uses_cont_ = std::ranges::any_of(cues_, &Cues::cont);
    }

    Remarks run() {
        for (std::size_t i = 0; i < cues_.size(); ++i) {
            step(cues_[i], playlist_.media_sequence + i);
            if (i > 0) check_elapsed(i);
        }
        return std::move(remarks_);
    }

private:
    enum class State : std::uint8_t { unknown, outside, inside };

    void step(Cues const& cues, std::uint64_t number) {
        if (cues.in && state_ == State::outside)
            say(fmt::format("CUE-IN of segment {} ends no break", number));
        if (cues.cont && state_ == State::outside)
            say(fmt::format("CUE-OUT-CONT of segment {} goes on with no break", number));
        auto const told = cues.in || cues.cont || cues.out;
        if (!told && state_ == State::inside && uses_cont_)
            say(fmt::format("the break in front of segment {} ends without CUE-IN", number));
        if (cues.out && !cues.in && state_ == State::inside && uses_cont_)
            say(fmt::format("CUE-OUT of segment {} stands inside of a break", number));
        if (cues.out || cues.cont)
            state_ = State::inside;
        else if (cues.in || uses_cont_)
            state_ = State::outside;
    }

    /// Elapsed times are taken at the start of segments, by some at their end: both count EXTINF.
    void check_elapsed(std::size_t i) {
        auto const& now = cues_[i];
        auto const& before = cues_[i - 1];
        if (!now.cont || !now.elapsed) return;
        auto const last = seconds_of(playlist_.segments[i - 1].duration);
        auto const own = seconds_of(playlist_.segments[i].duration);
        auto const slack = rounding_s + now.elapsed->exact_to;
        auto const is_near = [&](double expected) {
            return std::abs(now.elapsed->seconds - expected) <= slack;
        };
        auto const right = before.elapsed ? is_near(before.elapsed->seconds + last) ||
                                                is_near(before.elapsed->seconds + own)
                                          : !before.out || is_near(last) || is_near(last + own);
        if (right) return;
        say(fmt::format("CUE-OUT-CONT of segment {} says that {:.3f} s have passed, {:.3f} s after "
                        "the segment before",
                        playlist_.media_sequence + i, now.elapsed->seconds,
                        now.elapsed->seconds - (before.elapsed ? before.elapsed->seconds : 0)));
    }

    void say(std::string evidence) { broken(remarks_, 37, std::move(evidence)); }

    MediaPlaylist const& playlist_;
    std::vector<Cues> cues_;
    bool uses_cont_{};
    State state_{State::unknown};
    Remarks remarks_;
};

/// All that a list says of one date range.
struct DateRange {
    std::map<std::string, std::string> attributes;
    bool has_out{false};
    bool has_in{false};
    WallTime start{};
};

constexpr std::array<char const*, 8> compared_attributes{
    "CLASS",      "START-DATE", "END-DATE",   "DURATION", "PLANNED-DURATION",
    "SCTE35-OUT", "SCTE35-IN",  "X-ASSET-URI"};

class DateRanges {
public:
    explicit DateRanges(MediaPlaylist const& playlist) : playlist_(playlist) {}

    Remarks run() {
        auto number = playlist_.media_sequence;
        for (auto const& segment : playlist_.segments) {
            for (auto const& line : segment.extra_tags)
                if (auto const tag = split_tag(line); tag.name == date_range_tag)
                    read(tag.value, number);
            ++number;
        }
        if (ranges_.empty()) return std::move(remarks_);
        check_dates();
        for (auto const& [id, range] : ranges_)
            check_pair(id, range);
        return std::move(remarks_);
    }

private:
    void read(std::string_view value, std::uint64_t number) {
        auto const attributes = AttributeList::parse(value);
        if (!attributes) return say(fmt::format("DATERANGE of segment {} can't be read", number));
        auto const id = attributes->text("ID");
        if (id.empty()) return say(fmt::format("a DATERANGE of segment {} has no ID", number));
        auto& range = ranges_[id];
        for (auto const* const name : compared_attributes) {
            auto const told = attributes->find(name);
            if (!told) continue;
            auto const [known, is_new] = range.attributes.emplace(name, *told);
            if (!is_new && known->second != *told)
                say(fmt::format("DATERANGE {} has two values of {}", id, name));
        }
        range.has_out = range.has_out || attributes->find("SCTE35-OUT");
        range.has_in = range.has_in || attributes->find("SCTE35-IN");
        check_times(id, range);
    }

    void check_times(std::string const& id, DateRange& range) {
        auto const start = date_in(range, "START-DATE");
        if (!start) return say(fmt::format("DATERANGE {} has no START-DATE", id));
        range.start = *start;
        auto const end = date_in(range, "END-DATE");
        if (end && *end < *start) say(fmt::format("DATERANGE {} ends before it starts", id));
        auto const duration = range.attributes.find("DURATION");
        if (!end || duration == range.attributes.end()) return;
        auto const seconds = parse_decimal(duration->second);
        auto const length = std::chrono::duration<double>(seconds.value_or(-1));
        auto const off = std::chrono::abs(std::chrono::duration<double>(*end - *start) - length);
        if (!seconds || off > date_rounding)
            say(fmt::format("END-DATE of DATERANGE {} is not its START-DATE plus DURATION", id));
    }

    static std::optional<WallTime> date_in(DateRange const& range, char const* name) {
        auto const found = range.attributes.find(name);
        if (found == range.attributes.end()) return std::nullopt;
        return parse_date(found->second);
    }

    /// RFC 8216 §4.3.2.7: dates are of use only where segments have some.
    void check_dates() {
        if (std::ranges::none_of(playlist_.segments, [](MediaSegment const& segment) {
                return segment.program_date_time.has_value();
            }))
            say("has a DATERANGE and no PROGRAM-DATE-TIME");
    }

    /// The end of a splice names its beginning, as long as that is listed.
    void check_pair(std::string const& id, DateRange const& range) {
        if (!range.has_in || range.has_out || playlist_.segments.empty()) return;
        auto const& first = playlist_.segments.front().program_date_time;
        if (first && range.start > *first)
            say(fmt::format("DATERANGE {} has SCTE35-IN, and no SCTE35-OUT before", id));
    }

    void say(std::string evidence) { broken(remarks_, 14, std::move(evidence)); }

    MediaPlaylist const& playlist_;
    std::map<std::string, DateRange> ranges_;
    Remarks remarks_;
};

} // namespace

Remarks check_cues(MediaPlaylist const& playlist) {
    auto remarks = BreakWalk(playlist).run();
    append(remarks, DateRanges(playlist).run());
    return remarks;
}

std::vector<std::string> cue_tags_of(MediaSegment const& segment) {
    std::vector<std::string> tags;
    std::ranges::copy_if(segment.extra_tags, std::back_inserter(tags), [](std::string const& line) {
        return std::ranges::find(cue_tag_names, split_tag(line).name) != cue_tag_names.end();
    });
    return tags;
}

std::vector<std::string> splice_ids_of(MediaSegment const& segment) {
    std::vector<std::string> ids;
    for (auto const& line : segment.extra_tags) {
        auto const tag = split_tag(line);
        if (tag.name != date_range_tag) continue;
        auto const attributes = AttributeList::parse(tag.value);
        if (attributes && (attributes->find("SCTE35-OUT") || attributes->find("SCTE35-IN")))
            ids.push_back(attributes->text("ID"));
    }
    return ids;
}

} // namespace continuo::hls::rules
