#include "tests/unit/core/dash/rules/recording.hpp"

#include "core/dash/date_time.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>

namespace continuo::test {
namespace {

using dash::rules::Purpose;
using dash::rules::Verifier;

constexpr auto poll_interval = 1s;
constexpr auto tick = 50ms;
constexpr auto round_trip = 2ms;

/// A kind of segments: boundaries at whole units, near multiples of 2 s.
struct Kind {
    std::string_view id;
    std::uint32_t timescale{};
    std::uint64_t frame{}; ///< units

    std::uint64_t start_of(std::uint64_t index) const {
        auto const exact = index * 2 * timescale;
        return exact / frame * frame;
    }
    WallTime end_of(std::uint64_t index) const {
        return first_start + std::chrono::microseconds(start_of(index + 1) * 1'000'000 / timescale);
    }
};
constexpr Kind pictures{"V", 90'000, 3'600};
constexpr Kind sound{"A", 48'000, 1'024};

/// How many of a kind have ended.
std::uint64_t ended_by(Kind const& kind, WallTime now) {
    auto index = static_cast<std::uint64_t>((now - first_start) / 2s);
    while (kind.end_of(index) <= now)
        ++index;
    while (index > 0 && kind.end_of(index - 1) > now)
        --index;
    return index;
}

std::string timeline_of(Kind const& kind, WallTime now) {
    std::string text;
    auto const end = ended_by(kind, now);
    auto const first = ended_by(kind, std::max(now - buffer_depth, first_start));
    for (auto index = first; index < end; ++index)
        text += fmt::format(R"(<S t="{}" d="{}"/>)", kind.start_of(index),
                            kind.start_of(index + 1) - kind.start_of(index));
    return text;
}

std::string set_of(Kind const& kind, bool is_timeline, WallTime now) {
    auto const content = kind.id == "V" ? "video" : "audio";
    auto const addressing =
        is_timeline
            ? fmt::format(
                  R"(<SegmentTemplate timescale="{}" media="$RepresentationID$/$Time$.m4s" )"
                  R"(initialization="$RepresentationID$/init.mp4"><SegmentTimeline>{})"
                  R"(</SegmentTimeline></SegmentTemplate>)",
                  kind.timescale, timeline_of(kind, now))
            : std::string(
                  R"(<SegmentTemplate media="$RepresentationID$/$Number$.m4s" )"
                  R"(initialization="$RepresentationID$/init.mp4" duration="2" startNumber="0"/>)");
    return fmt::format(R"(<AdaptationSet contentType="{}" mimeType="{}/mp4">{})"
                       R"(<Representation id="{}" bandwidth="1000"/></AdaptationSet>)",
                       content, content, addressing, kind.id);
}

Response answered(WallTime now, std::string body, int status = 200) {
    Response response;
    response.asked = now;
    response.at = now + round_trip;
    response.status = status;
    response.complete = true;
    response.body = std::move(body);
    return response;
}

/// The facts of a segment that is what its list says.
media::SegmentFacts facts_of(Kind const& kind, std::uint64_t index) {
    media::SegmentFacts facts;
    facts.container = media::Container::fragmented_mp4;
    facts.timescale = kind.timescale;
    facts.decode_begin = Ticks90k{0};
    facts.decode_begin_units = static_cast<std::int64_t>(kind.start_of(index));
    facts.decode_duration_units =
        static_cast<std::int64_t>(kind.start_of(index + 1) - kind.start_of(index));
    facts.begin_units = facts.decode_begin_units;
    facts.duration_units = facts.decode_duration_units;
    return facts;
}

/// One run of the verifier over a recording.
class Run {
public:
    explicit Run(Recording const& recording) : recording_(recording) {}

    std::vector<Finding> watch() {
        auto const end = recording_.begin + recording_.length;
        auto poll = recording_.begin;
        for (auto now = recording_.begin; now < end; now += tick) {
            if (now >= poll) {
                ask_mpd(now);
                poll += poll_interval;
            }
            ask_segments(now, /*everything=*/false);
        }
        ask_segments(end, /*everything=*/true);
        return verifier_.take_findings();
    }

private:
    std::string mpd(WallTime now) const {
        auto text = recording_.mpd_at(now);
        if (recording_.mpd) recording_.mpd(text, now);
        return text;
    }

    void ask_mpd(WallTime now) {
        if (verifier_.patch_location() && recording_.patch) {
            auto const before = *before_, after = mpd(now);
            bool const has_changed = before != after;
            verifier_.saw_patch(answered(now, recording_.patch(before, after),
                                         has_changed ? recording_.patch_status : 425));
        }
        before_ = mpd(now);
        verifier_.saw_mpd(answered(now, *before_));
        for (auto const& location : verifier_.take_locations())
            verifier_.saw_location(location, answered(now, mpd(now), recording_.location_status));
    }

    void ask_segments(WallTime now, bool everything) {
        for (auto const& fetch : verifier_.take_due(now, everything)) {
            if (fetch.initialisation != asked_for_) {
                asked_for_ = fetch.initialisation;
                verifier_.saw_initialisation(fetch, answered(now, "init"), {});
            }
            ask(fetch, now);
        }
    }

    void ask(SegmentFetch const& fetch, WallTime now) {
        auto const& kind = fetch.segment.back().starts_with("V") ? pictures : sound;
        auto const& segment = fetch.fetch.segment;
        std::uint64_t index = segment.number;
        if (recording_.is_timeline) {
            index = segment.time / (2 * kind.timescale);
            while (kind.start_of(index) < segment.time)
                ++index;
        }
        auto const end = kind.end_of(index);
        // Availability is that of the pictures, as it is of numbers.
        auto const available = recording_.is_timeline ? end : pictures.end_of(index);
        auto const gone = available + buffer_depth + 2s;
        int const status = now < available ? 425 : now > gone ? 410 : 200;
        auto response = answered(now, fmt::format("{}{}", kind.id, index), status);
        auto facts = facts_of(kind, index);
        if (recording_.segment) recording_.segment(fetch, now, response, facts);
        verifier_.saw_segment(fetch, response, facts);
    }

    Recording const& recording_;
    Verifier verifier_{"/live.mpd"};
    std::optional<std::string> before_;
    dash::rules::References asked_for_;
};

} // namespace

void replace(std::string& text, std::string_view from, std::string_view to) {
    auto const at = text.find(from);
    REQUIRE_MESSAGE(at != std::string::npos, from);
    text.replace(at, from.size(), to);
}

std::string Recording::mpd_at(WallTime now) const {
    auto const last = std::max(pictures.end_of(ended_by(pictures, now) - 1),
                               sound.end_of(ended_by(sound, now) - 1));
    auto const published = std::chrono::ceil<milliseconds>(is_timeline ? last : first_start);
    return fmt::format(
        R"(<MPD id="m" type="dynamic" availabilityStartTime="{}" publishTime="{}" )"
        R"(minimumUpdatePeriod="PT2S" timeShiftBufferDepth="PT10S">{}<Period id="p" start="PT0S">{}{}</Period></MPD>)",
        dash::to_text(std::chrono::floor<milliseconds>(first_start)), dash::to_text(published),
        patch ? "<PatchLocation>patch.mpp</PatchLocation>" : "", set_of(pictures, is_timeline, now),
        set_of(sound, is_timeline, now));
}

std::vector<Finding> Recording::watch() const {
    return Run(*this).watch();
}

std::set<int> Recording::rules() const {
    std::set<int> rules;
    auto const findings = watch();
    INFO(describe(findings));
    for (auto const& finding : findings)
        rules.insert(finding.rule);
    if (rules.size() > 1) MESSAGE(describe(findings));
    return rules;
}

std::string describe(std::vector<Finding> const& findings) {
    std::string text;
    for (auto const& finding : findings)
        text += to_text(finding) + '\n';
    return text;
}

} // namespace continuo::test
