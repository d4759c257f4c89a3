#include "cli/resegment/plan.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace continuo::cli::resegment::plan_test {

std::string const head = "#EXTM3U\n";
std::string const sound =
    "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"a\",NAME=\"A\",URI=\"sound/a.m3u8\"\n";

std::string variant(std::string const& attributes, std::string const& uri) {
    return "#EXT-X-STREAM-INF:BANDWIDTH=1" + attributes + "\n" + uri + "\n";
}

TEST_CASE("plan: variants come first, then renditions, each in its folder") {
    auto const plan = plan_of_ladder(head + sound + variant(",AUDIO=\"a\"", "hi/index.m3u8") +
                                         variant("", "http://other/lo.m3u8"),
                                     "http://host/in/master.m3u8?token=1");
    REQUIRE(plan.has_value());
    CHECK(plan->leader == 0);
    CHECK(plan->jobs ==
          std::vector<Job>{
              {.input = "http://host/in/hi/index.m3u8"},
              {.input = "http://other/lo.m3u8"},
              {.input = "http://host/in/sound/a.m3u8", .has_video = false, .is_rendition = true}});
    CHECK(plan->master ==
          head + "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"a\",NAME=\"A\",URI=\"2/index.m3u8\"\n" +
              variant(",AUDIO=\"a\"", "0/index.m3u8") + variant("", "1/index.m3u8"));
    CHECK(plan->remarks.empty());
}

TEST_CASE("plan: paths are seen from the playlist") {
    auto const plan = plan_of_ladder(head + variant("", "hi/a b.m3u8"), "in/master.m3u8");
    REQUIRE(plan.has_value());
    CHECK(plan->jobs.front().input == "in/hi/a b.m3u8");
}

TEST_CASE("plan: the first variant with a picture leads") {
    auto const leader_of = [](std::string const& text) {
        return plan_of_ladder(head + text, "in/master.m3u8")->leader;
    };
    auto const audio = variant(",CODECS=\"mp4a.40.2\"", "a");
    CHECK(leader_of(audio + variant(",CODECS=\"avc1.42c01e,mp4a.40.2\"", "v")) == 1);
    CHECK(leader_of(audio + variant(",CODECS=\"mp4a.40.2,avc1.42c01e\"", "v")) == 1);
    CHECK(leader_of(variant("", "v") + audio) == 0);
    CHECK(leader_of(variant(",CODECS=\"ac-3, ec-3\"", "a") +
                    variant(",RESOLUTION=2x2,CODECS=\"mp4a.40.2\"", "v")) == 1);
    CHECK(leader_of(audio) == 0);
}

TEST_CASE("plan: what is listed twice is cut once") {
    auto const plan = plan_of_ladder(head + variant(",AUDIO=\"a\"", "v.m3u8") +
                                         variant(",AUDIO=\"b\"", "v.m3u8") + variant("", "w.m3u8"),
                                     "in/master.m3u8");
    REQUIRE(plan.has_value());
    CHECK(plan->jobs.size() == 2);
    CHECK(plan->master == head + variant(",AUDIO=\"a\"", "0/index.m3u8") +
                              variant(",AUDIO=\"b\"", "0/index.m3u8") +
                              variant("", "1/index.m3u8"));
    CHECK(plan->announcements.size() == 3);
}

TEST_CASE("plan: subtitles stay where they are, and that is said") {
    auto const plan = plan_of_ladder(
        head + "#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID=\"s\",NAME=\"S\",URI=\"s.m3u8\"\n" +
            variant("", "v.m3u8"),
        "http://host/master.m3u8");
    REQUIRE(plan.has_value());
    CHECK(plan->jobs.size() == 1);
    CHECK(plan->master.find("URI=\"http://host/s.m3u8\"") != std::string::npos);
    CHECK(plan->remarks.size() == 1);
}

TEST_CASE("plan: each stream is announced as JSON, whatever it is called") {
    auto const plan = plan_of_ladder(
        head + variant(",X-NAME=\"a\\b\xff\",B=2", "hi \xe2\x82\xac.m3u8"), "m.m3u8");
    REQUIRE(plan.has_value());
    CHECK(plan->announcements.front() == "{\n"
                                         "    \"uri\": \"hi \xe2\x82\xac.m3u8\",\n"
                                         "    \"BANDWIDTH\": \"1\",\n"
                                         "    \"X-NAME\": \"a\\\\b\xef\xbf\xbd\",\n"
                                         "    \"B\": \"2\"\n"
                                         "}");
}

TEST_CASE("plan: a ladder without variants, or with too many, is refused") {
    CHECK_FALSE(plan_of_ladder(head + "#EXT-X-MEDIA:TYPE=AUDIO\n", "m").has_value());
    std::string many = head;
    for (int i = 0; i < 65; ++i)
        many += variant("", std::to_string(i));
    CHECK_FALSE(plan_of_ladder(many, "m").has_value());
    CHECK_FALSE(plan_of_ladder("no playlist", "m").has_value());
    CHECK_FALSE(plan_of_ladder(head + variant("", "rtmp://host/a"), "m").has_value());
}

TEST_CASE("plan: one that is no ladder has one job and no master playlist") {
    auto const plan = plan_of_single("-");
    CHECK(plan.jobs == std::vector<Job>{{.input = "-"}});
    CHECK(plan.master.empty());
}

TEST_CASE("plan: the nearest variant stands in, and for renditions none") {
    std::vector<Job> const jobs{{.input = "a"},
                                {.input = "b"},
                                {.input = "c"},
                                {.input = "s", .has_video = false, .is_rendition = true}};
    CHECK(stand_in_for(0, jobs, {false, true, true, true}) == 1);
    CHECK(stand_in_for(1, jobs, {true, false, true, true}) == 0);
    CHECK(stand_in_for(2, jobs, {true, true, false, true}) == 1);
    CHECK(stand_in_for(2, jobs, {true, false, false, true}) == 0);
    CHECK_FALSE(stand_in_for(3, jobs, {true, true, true, false}).has_value());
    CHECK_FALSE(stand_in_for(1, jobs, {false, false, false, true}).has_value());
}

} // namespace continuo::cli::resegment::plan_test
