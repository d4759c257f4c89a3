#include "core/dash/segment_template.hpp"

#include <doctest/doctest.h>

#include <cstdint>

namespace segment_template_test {

using namespace continuo;
using dash::Element;
using dash::SegmentTemplate;
using dash::TimelineEntry;
using dash::TimelineSegment;

Result<SegmentTemplate> parsed(std::string_view xml, SegmentTemplate const& inherited = {}) {
    return dash::parse_segment_template(dash::parse_element(xml).value(), inherited);
}

TEST_CASE("a template says nothing where the one above it says all") {
    auto const above = parsed(R"(<SegmentTemplate timescale="90000" duration="180000"
        startNumber="0" media="$RepresentationID$/$Number$.m4s" initialization="init.mp4"/>)")
                           .value();
    CHECK(above.timescale == 90'000);
    CHECK(above.duration == 180'000);
    CHECK(above.start_number == 0);
    CHECK(above.initialisation == "init.mp4");
    CHECK(parsed("<SegmentTemplate/>", above).value() == above);

    auto const below = parsed(R"(<SegmentTemplate startNumber="5" endNumber="8"
        presentationTimeOffset="7"/>)",
                              above)
                           .value();
    CHECK(below.start_number == 5);
    CHECK(below.end_number == 8);
    CHECK(below.presentation_time_offset == 7);
    CHECK(below.media == above.media);
    CHECK(parsed("<SegmentTemplate/>").value().start_number == 1);
    CHECK(parsed("<SegmentTemplate/>").value().timescale == 1);
}

TEST_CASE("a timeline is read as it is written and listed as it is meant") {
    auto const read = parsed(R"(<SegmentTemplate><SegmentTimeline>
        <S t="0" d="95232"/><S d="96256" r="2"/><S t="400000" d="10"/></SegmentTimeline>
        </SegmentTemplate>)")
                          .value();
    REQUIRE(read.timeline.has_value());
    CHECK(*read.timeline ==
          std::vector<TimelineEntry>{{.start = 0, .duration = 95'232, .repeat = 0},
                                     {.start = {}, .duration = 96'256, .repeat = 2},
                                     {.start = 400'000, .duration = 10, .repeat = 0}});
    CHECK(dash::segments_of(*read.timeline, {}).value() ==
          std::vector<TimelineSegment>{
              {0, 95'232}, {95'232, 96'256}, {191'488, 96'256}, {287'744, 96'256}, {400'000, 10}});
}

TEST_CASE("a negative repetition goes up to the next start, or to the period's end") {
    std::vector<TimelineEntry> const timeline{{.start = 0, .duration = 4, .repeat = -1},
                                              {.start = 8, .duration = 5, .repeat = -1}};
    CHECK(dash::segments_of(timeline, 19).value() ==
          std::vector<TimelineSegment>{{0, 4}, {4, 4}, {8, 5}, {13, 5}, {18, 5}});
    CHECK(dash::segments_of(timeline, {}).error().code == Errc::malformed);
    CHECK(dash::segments_of(timeline, 8).error().code == Errc::malformed);
}

TEST_CASE("timelines that overlap or never end are refused") {
    using Timeline = std::vector<TimelineEntry>;
    auto const code = [](Timeline const& timeline) {
        return dash::segments_of(timeline, {}).error().code;
    };
    CHECK(code({{.start = 0, .duration = 10, .repeat = 0},
                {.start = 9, .duration = 1, .repeat = 0}}) == Errc::malformed);
    CHECK(code({{.start = 0, .duration = 1, .repeat = 1'000'000}}) == Errc::out_of_range);
    CHECK(code({{.start = 0, .duration = 1, .repeat = INT64_MAX}}) == Errc::out_of_range);
    CHECK(code({{.start = UINT64_MAX, .duration = 1, .repeat = 0}}) == Errc::out_of_range);
    CHECK(code({{.start = 0, .duration = std::uint64_t{1} << 62, .repeat = 3}}) ==
          Errc::out_of_range);
}

TEST_CASE("what is no number is refused with its name") {
    for (auto const text :
         {"timescale=\"0\"", "timescale=\"4294967296\"", "duration=\"0\"", "duration=\"2.5\"",
          "startNumber=\"-1\"", "endNumber=\"x\"", "presentationTimeOffset=\"\""}) {
        CAPTURE(text);
        auto const result = parsed("<SegmentTemplate " + std::string(text) + "/>");
        REQUIRE(result.has_error());
        CHECK(result.error().code == Errc::malformed);
        CHECK(result.error().context.find("SegmentTemplate@") == 0);
    }
    for (auto const text :
         {"<S t=\"1\"/>", "<S d=\"0\"/>", "<S d=\"1\" r=\"a\"/>", "<S t=\"-1\" d=\"1\"/>"})
        CHECK(parsed("<SegmentTemplate><SegmentTimeline>" + std::string(text) +
                     "</SegmentTimeline></SegmentTemplate>")
                  .error()
                  .code == Errc::malformed);
}

TEST_CASE("names are what their templates say") {
    dash::SegmentName const name{
        .representation_id = "video-hev1", .bandwidth_bps = 300'000, .number = 7, .time = 180'000};
    auto const text = [&](std::string_view pattern) {
        return dash::expanded(pattern, name).value();
    };
    CHECK(text("$RepresentationID$/$Number$.m4s") == "video-hev1/7.m4s");
    CHECK(text("$Number%05d$-$Time%02d$") == "00007-180000");
    CHECK(text("$Bandwidth$$$x") == "300000$x");
    CHECK(text("plain.mp4") == "plain.mp4");
    CHECK(text("").empty());
    for (auto const pattern :
         {"$Number", "$", "$Nummer$", "$Number%5d$", "$Number%05x$", "$Number%0d$", "$Number%099d$",
          "$RepresentationID%05d$", "$number$"}) {
        CAPTURE(pattern);
        CHECK(dash::expanded(pattern, name).error().code == Errc::malformed);
    }
}

} // namespace segment_template_test
