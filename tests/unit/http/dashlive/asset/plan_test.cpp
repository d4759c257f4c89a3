#include "http/dashlive/asset/plan.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

namespace continuo::dashlive::plan_test {

std::string const video_attributes = R"(mimeType="video/mp4" contentType="video")";
std::string const numbers =
    R"(<SegmentTemplate media="$RepresentationID$/$Number$.m4s" initialization="$RepresentationID$/init.mp4" duration="2"/>)";

std::string mpd(std::string_view period, std::string_view root = {}, std::string_view before = {}) {
    return "<MPD type=\"static\" mediaPresentationDuration=\"PT8S\" " + std::string(root) + ">" +
           std::string(before) + "<Period>" + std::string(period) + "</Period></MPD>";
}
std::string set(std::string_view inside, std::string const& attributes = video_attributes) {
    return "<AdaptationSet " + attributes + ">" + std::string(inside) + "</AdaptationSet>";
}
std::string representation(std::string_view inside = {}, std::string_view id = "v") {
    return "<Representation id=\"" + std::string(id) + R"(" bandwidth="300000">)" +
           std::string(inside) + "</Representation>";
}

PlannedManifest planned(std::string const& text) {
    auto plan = plan_of("m.mpd", text);
    if (!plan) FAIL_CHECK(plan.error().reason);
    REQUIRE(plan.has_value());
    return *std::move(plan);
}
PlannedTrack only_track(std::string const& text) {
    auto plan = planned(text);
    REQUIRE(plan.tracks.size() == 1);
    return plan.tracks.front();
}
std::string refusal(std::string const& text) {
    auto const plan = plan_of("m.mpd", text);
    return plan ? "accepted" : plan.error().reason;
}
dash::Element only_set(PlannedManifest const& plan) {
    auto const* const set = plan.manifest.root.find_child("Period")->find_child("AdaptationSet");
    REQUIRE(set);
    return *set;
}

std::string const refused_v = "Representation \"v\" ";

TEST_CASE("plan: templates are inherited, attribute by attribute, from period and set") {
    auto const plan = planned(mpd(
        R"(<SegmentTemplate timescale="90000" startNumber="0"/>)" +
        set(R"(<SegmentTemplate media="$Number$.m4s" initialization="i.mp4" duration="180000"/>)" +
            representation(R"(<SegmentTemplate media="v/$Number$.m4s" endNumber="9"/>)"))));
    auto const& track = plan.tracks.at(0);
    CHECK(track.media == "v/$Number$.m4s");
    CHECK(track.header == PlannedPart{.path = "i.mp4"});
    CHECK(track.timescale == 90'000);
    CHECK(std::get<NumberedSegments>(track.segments) ==
          NumberedSegments{.first = 0, .last = 9, .duration = 180'000});
    // What is served has it once, where it belongs.
    CHECK_FALSE(plan.manifest.root.find_child("Period")->find_child("SegmentTemplate"));
    auto const set = only_set(plan);
    auto const* const segments = set.find_child("SegmentTemplate");
    REQUIRE(segments);
    CHECK(*segments->find_attribute("timescale") == "90000");
    CHECK(*segments->find_attribute("media") == "v/$Number$.m4s");
    CHECK_FALSE(set.find_child("Representation")->find_child("SegmentTemplate"));
}

TEST_CASE("plan: templates that differ stay with their representations") {
    auto const plan = planned(mpd(
        set(representation(
                R"(<SegmentTemplate media="a/$Number$.m4s" initialization="a.mp4" duration="2"/>)",
                "v") +
            representation(
                R"(<SegmentTemplate media="b/$Number$.m4s" initialization="b.mp4" duration="2"/>)",
                "w"))));
    auto const set = only_set(plan);
    CHECK_FALSE(set.find_child("SegmentTemplate"));
    for (auto const& child : set.children)
        CHECK(child.find_child("SegmentTemplate"));
    CHECK(plan.tracks.at(0).media == "a/$Number$.m4s");
    CHECK(plan.tracks.at(1).media == "b/$Number$.m4s");
}

TEST_CASE("plan: BaseURLs of all levels lead to the files, and are gone from what is served") {
    auto const plan = planned(mpd(
        "<BaseURL> two/ </BaseURL>" + set("<BaseURL>./</BaseURL>" + numbers +
                                          representation("<BaseURL>video-hev1/</BaseURL>", "1")),
        {}, "<BaseURL>one/index.mpd</BaseURL><Location>elsewhere</Location>"));
    auto const& track = plan.tracks.at(0);
    CHECK(track.media == "one/two/video-hev1/1/$Number$.m4s");
    CHECK(track.initialisation == "one/two/video-hev1/1/init.mp4");
    CHECK(*path_of_segment(track, 12, 0) == "one/two/video-hev1/1/12.m4s");
    auto const text = dash::to_text(plan.manifest.root);
    CHECK(text.find("BaseURL") == std::string::npos);
    CHECK(text.find("Location") == std::string::npos);
    CHECK(text.find("media=\"one/two/video-hev1/1/$Number$.m4s\"") != std::string::npos);
}

TEST_CASE("plan: an MPD whose elements have a prefix is kept without") {
    auto const plan =
        planned(R"(<m:MPD xmlns:m="urn:mpeg:dash:schema:mpd:2011" type="static"><m:Period>)"
                R"(<m:AdaptationSet mimeType="video/mp4"><m:SegmentTemplate media="$Number$.m4s" )"
                R"(initialization="i.mp4" duration="2"/><m:Representation id="v" bandwidth="1"/>)"
                R"(</m:AdaptationSet></m:Period></m:MPD>)");
    CHECK(plan.tracks.size() == 1);
    CHECK(plan.manifest.root.name == "MPD");
    CHECK(only_set(plan).find_child("SegmentTemplate")->name == "SegmentTemplate");
    CHECK(*plan.manifest.root.find_attribute("xmlns") == "urn:mpeg:dash:schema:mpd:2011");
}

TEST_CASE("plan: names are decoded for the disk, and encoded for clients") {
    auto const plan = planned(mpd(set(
        "<BaseURL>a%20b/</BaseURL>"
        R"(<SegmentTemplate media="./$RepresentationID$-$Bandwidth$/../$Number%05d$%2b.m4s" initialization="x/../i.mp4" duration="2"/>)" +
        representation({}, "v 1"))));
    auto const& track = plan.tracks.at(0);
    CHECK(track.media == "a b/$Number%05d$+.m4s");
    CHECK(track.initialisation == "a b/i.mp4");
    CHECK(track.extension == "m4s");
    CHECK(*path_of_segment(track, 7, 0) == "a b/00007+.m4s");
    CHECK(*only_set(plan).find_child("SegmentTemplate")->find_attribute("media") ==
          "a%20b/$Number%05d$%2B.m4s");
}

TEST_CASE("plan: a SegmentTimeline lists its segments, by time or by number") {
    auto const by_time = only_track(mpd(set(
        R"(<SegmentTemplate media="$Time$.m4s" initialization="i.mp4" timescale="1000" presentationTimeOffset="500"><SegmentTimeline><S t="500" d="2000"/><S d="3000" r="-1"/></SegmentTimeline></SegmentTemplate>)" +
        representation())));
    CHECK(std::get<ListedSegments>(by_time.segments) ==
          ListedSegments{{.path = "500.m4s"}, {.path = "2500.m4s"}, {.path = "5500.m4s"}});
    CHECK(by_time.presentation_time_offset == 500);
    auto const by_number = only_track(mpd(set(
        R"(<SegmentTemplate media="$Number$.m4s" initialization="i.mp4" startNumber="7"><SegmentTimeline><S t="0" d="2" r="1"/></SegmentTimeline></SegmentTemplate>)" +
        representation())));
    CHECK(std::get<ListedSegments>(by_number.segments) ==
          ListedSegments{{.path = "7.m4s"}, {.path = "8.m4s"}});
}

TEST_CASE("plan: a SegmentList has files, or parts of one; both get names of our own") {
    auto const parts = planned(mpd(set(representation(
        R"(<BaseURL>all.mp4</BaseURL><SegmentList timescale="1000" duration="2000"><Initialization range="0-99"/><SegmentURL mediaRange="100-199"/><SegmentURL mediaRange="200-299"/></SegmentList>)"))));
    auto const& track = parts.tracks.at(0);
    CHECK(track.header == PlannedPart{.path = "all.mp4", .offset = 0, .bytes = 100});
    CHECK(std::get<ListedSegments>(track.segments) ==
          ListedSegments{{.path = "all.mp4", .offset = 100, .bytes = 100},
                         {.path = "all.mp4", .offset = 200, .bytes = 100}});
    CHECK(track.media == "v/$Number$.m4s");
    CHECK(track.initialisation == "v/init.mp4");
    auto const set_of_it = only_set(parts);
    auto const* const segments = set_of_it.find_child("SegmentTemplate");
    REQUIRE(segments);
    CHECK(*segments->find_attribute("media") == "v/$Number$.m4s");
    CHECK(*segments->find_attribute("duration") == "2000");
    CHECK(dash::to_text(set_of_it).find("SegmentList") == std::string::npos);

    auto const files = only_track(mpd(set(
        R"(<SegmentList duration="2"><Initialization sourceURL="i.mp4"/><SegmentURL media="b.m4s"/><SegmentURL media="a.m4s"/></SegmentList>)" +
        representation())));
    CHECK(files.header == PlannedPart{.path = "i.mp4"});
    CHECK(std::get<ListedSegments>(files.segments) ==
          ListedSegments{{.path = "b.m4s"}, {.path = "a.m4s"}});
}

TEST_CASE("plan: a single file is indexed, with SegmentBase or nothing but its BaseURL") {
    for (auto const* const base :
         {"",
          R"(<SegmentBase indexRange="700-800"><Initialization range="0-699"/></SegmentBase>)"}) {
        auto const track =
            only_track(mpd(set(representation("<BaseURL>v.mp4</BaseURL>" + std::string(base)))));
        CHECK(std::get<IndexedSegments>(track.segments).path == "v.mp4");
        CHECK(track.header->path == "v.mp4");
    }
}

TEST_CASE("plan: what a set doesn't say of its kind is told from the rest, and added") {
    struct Row {
        std::string attributes, codecs;
        Content content;
        std::string media_type;
    };
    std::vector<Row> const rows{
        {R"(mimeType="audio/mp4")", "mp4a.40.2", Content::audio, "audio/mp4"},
        {R"(contentType="video")", "avc1.64001e", Content::video, "video/mp4"},
        {"", "hvc1.1.6.L93.B0", Content::video, "video/mp4"},
        {"", "ac-3", Content::audio, "audio/mp4"},
        {R"(mimeType="application/mp4")", "stpp.ttml.im1t", Content::text, "application/mp4"},
        {R"(mimeType="image/png")", "", Content::image, "image/png"}};
    for (auto const& row : rows) {
        auto const plan = planned(mpd(set(
            numbers + R"(<Representation id="v" codecs=")" + row.codecs + "\"/>", row.attributes)));
        CHECK(plan.tracks.at(0).content == row.content);
        CHECK(plan.tracks.at(0).media_type == row.media_type);
        CHECK(only_set(plan).find_attribute("contentType"));
    }
}

TEST_CASE("plan: other kinds than MP4 and images are left out, and named") {
    auto const plan =
        planned(mpd(set(numbers + representation()) +
                    set(representation("<BaseURL>t.vtt</BaseURL>", "t"), R"(mimeType="text/vtt")") +
                    set(numbers + representation({}, "o"), R"(mimeType="audio/webm")")));
    CHECK(plan.tracks.size() == 1);
    CHECK(plan.notes ==
          std::vector<std::string>{
              R"(Representation "t" is left out: "text/vtt" is not served, MP4 is)",
              R"(Representation "o" is left out: "audio/webm" is not served, MP4 is)"});
    CHECK(dash::to_text(plan.manifest.root).find("audio/webm") == std::string::npos);
}

TEST_CASE("plan: each refusal says what it is about") {
    auto const with = [](std::string const& segments) {
        return mpd(set(segments + representation()));
    };
    CHECK(refusal("") == "XML at 1:1: No document element found: malformed");
    CHECK(refusal("<html/>") == "is no MPD: its root is <html>");
    CHECK(refusal("<MPD type=\"dynamic\"><Period/></MPD>").starts_with("is the MPD of a live"));
    CHECK(refusal("<MPD/>") == "has 0 Periods; one can be looped");
    CHECK(refusal("<MPD><Period/><Period/></MPD>") == "has 2 Periods; one can be looped");
    CHECK(refusal("<MPD><Period xlink:href=\"x\"/></MPD>").starts_with("has a Period that is"));
    CHECK(refusal(mpd("")) == "has no Representation");
    CHECK(refusal(mpd(set(numbers + representation(), R"(mimeType="video/webm")"))) ==
          "has no Representation that can be served: Representation \"v\" is left out: "
          "\"video/webm\" is not served, MP4 is");
    CHECK(refusal(mpd(set(numbers + representation("", "")))) == "Representation \"\" has no @id");
    CHECK(refusal(mpd(set(numbers + representation("", "a$b")))) ==
          "Representation \"a$b\" has a '$' in its @id");
    CHECK(refusal(mpd(set(representation()))) ==
          refused_v + "names no file: neither by a template nor by BaseURL");
    CHECK(refusal(with(R"(<SegmentTemplate media="$Number$.m4s" duration="2"/>)")) ==
          refused_v + "has no @initialization");
    CHECK(refusal(with(R"(<SegmentTemplate media="$Number$.m4s" initialization="i.mp4"/>)")) ==
          refused_v + "has neither @duration nor a SegmentTimeline");
    CHECK(
        refusal(with(R"(<SegmentTemplate media="v.m4s" initialization="i.mp4" duration="2"/>)")) ==
        refused_v + "has neither $Number$ nor $Time$ in @media \"v.m4s\"");
    CHECK(
        refusal(with(
            R"(<SegmentTemplate media="$Number$.m4s" initialization="../i.mp4" duration="2"/>)")) ==
        refused_v + "@initialization \"../i.mp4\" leads out of the asset's folder");
    CHECK(refusal(with(
              R"(<SegmentTemplate media="$Number.m4s" initialization="i.mp4" duration="2"/>)")) ==
          refused_v + "@media \"$Number.m4s\" has a '$' too many");
    CHECK(
        refusal(
            with(
                R"(<SegmentTemplate media="$Number$.m4s" initialization="i.mp4"><SegmentTimeline><S t="0" d="2" r="9999999"/></SegmentTimeline></SegmentTemplate>)"))
            .starts_with(refused_v + "has a bad SegmentTimeline: SegmentTimeline of more than"));
    CHECK(refusal(mpd(set(numbers + representation()), {},
                      "<BaseURL>https://cdn.example.com/x/</BaseURL>")) ==
          "its BaseURL \"https://cdn.example.com/x/\" is absolute; only files beside the MPD "
          "are served: remove it");
    CHECK(
        refusal(mpd(set(representation(
            R"(<BaseURL>v.mp4</BaseURL><SegmentList><SegmentURL mediaRange="9-3"/></SegmentList>)")))) ==
        refused_v + "has a bad range \"9-3\"");
}

TEST_CASE("plan: no beginning of an MPD is taken for the whole") {
    auto const whole = mpd(set(numbers + representation()));
    for (std::size_t size = 0; size < whole.size(); ++size)
        CHECK_FALSE(plan_of("m.mpd", std::string_view(whole).substr(0, size)).has_value());
    CHECK(plan_of("m.mpd", whole).has_value());
}

} // namespace continuo::dashlive::plan_test
