#include "core/dash/rules/presentation.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

namespace continuo::dash::rules {
namespace {

using namespace std::chrono_literals;

Presentation presentation(std::string_view inside, std::string_view attributes = "") {
    auto const text = "<MPD " + std::string(attributes) + ">" + std::string(inside) + "</MPD>";
    return presentation_of(dash::parse_element(text).value()).value();
}

std::string error_of(std::string_view mpd) {
    auto const made = presentation_of(dash::parse_element(mpd).value());
    return made ? "" : to_text(made.error());
}

} // namespace

TEST_CASE("presentation: each level hands down what it says, and what the ones below do not say") {
    auto const mpd = presentation(
        R"(<BaseURL>http://a/</BaseURL><BaseURL availabilityTimeOffset="1.5">http://b/</BaseURL>
           <Period id="p"><SegmentTemplate timescale="90000" media="m" duration="180000"/>
             <AdaptationSet><SegmentTemplate presentationTimeOffset="9"/><BaseURL>set/</BaseURL>
               <Representation id="r" bandwidth="5"><SegmentTemplate media="n" availabilityTimeOffset="0.5"/></Representation>
               <Representation id="s"/></AdaptationSet>
             <AdaptationSet><SegmentBase/><Representation id="t"/></AdaptationSet></Period>
           <Period id="q"><AdaptationSet><Representation id="u"/></AdaptationSet></Period>)");
    auto const& representations = mpd.periods.at(0).representations;
    CHECK(representations[0].addressing.media == "n");
    CHECK(representations[0].addressing.timescale == 90'000);
    CHECK(representations[0].addressing.presentation_time_offset == 9);
    CHECK(representations[0].bases ==
          std::vector<BaseUrls>{{"http://a/", "set/"}, {"http://b/", "set/"}});
    CHECK(representations[0].ahead == 2s);
    CHECK(representations[0].bandwidth_bps == 5);
    CHECK(representations[1].addressing.media == "m");
    CHECK(representations[1].ahead == 1500ms);
    CHECK(representations[2].unknown == "SegmentBase");
    CHECK(mpd.periods.at(1).representations[0].unknown == "no SegmentTemplate");
}

TEST_CASE("presentation: periods follow each other where they do not say when they start") {
    auto const mpd = presentation(R"(<Period duration="PT10S"/><Period/><Period start="PT30S"/>)",
                                  R"(mediaPresentationDuration="PT45S")");
    CHECK(mpd.periods[0].start == 0s);
    CHECK(mpd.periods[1].start == 10s);
    CHECK(mpd.periods[0].duration == milliseconds(10s));
    CHECK(mpd.periods[1].duration == milliseconds(20s));
    CHECK(mpd.periods[2].duration == milliseconds(15s));
}

TEST_CASE("presentation: what is not looked at says why") {
    auto const segments = [](std::string_view content) {
        return presentation("<Period><AdaptationSet><SegmentTemplate media='m'>" +
                            std::string(content) +
                            "</SegmentTemplate><Representation id='r'/></AdaptationSet></Period>")
            .periods[0]
            .representations[0]
            .unknown;
    };
    CHECK(segments("<SegmentTimeline><S d='1'/></SegmentTimeline>").empty());
    CHECK(segments("") == "a SegmentTemplate without durations");
    CHECK(segments("<SegmentTimeline><S d='4' k='2'/></SegmentTimeline>") ==
          "SegmentTimeline with patterns or parts");
    CHECK(presentation("<Period xlink:href='x'/>").periods[0].is_remote);
    CHECK(presentation("<Period xlink:href='x'><AdaptationSet><Representation/></AdaptationSet>"
                       "</Period>")
              .periods[0]
              .representations[0]
              .unknown == "a period that lies elsewhere");
}

TEST_CASE("presentation: what can't be read names element and attribute") {
    CHECK(error_of("<SMIL/>") == "root SMIL: malformed");
    CHECK(error_of("<MPD/>") == "MPD without a Period: malformed");
    CHECK(error_of("<MPD publishTime='soon'><Period/></MPD>").starts_with("MPD@publishTime: "));
    CHECK(error_of("<MPD><Period start='1'/></MPD>").starts_with("Period@start: "));
    CHECK(error_of("<MPD><Period><SegmentTemplate timescale='0'/></Period></MPD>") ==
          "SegmentTemplate@timescale \"0\": malformed");
}

} // namespace continuo::dash::rules
