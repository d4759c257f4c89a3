#include "http/dashlive/media/timed_text_name.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <string>

namespace timed_text_name_test {

using namespace continuo;
using namespace continuo::dashlive;

/// Pictures of 2 s each, from number 5 on.
Session session_with(Addressing addressing) {
    auto pictures = std::make_shared<Track>();
    pictures->timescale = 90000;
    pictures->loop.emplace(90000, std::vector<std::int64_t>{180000});
    auto asset = std::make_shared<Asset>();
    asset->reference = std::move(pictures);
    auto options = std::make_shared<Options>();
    options->addressing = addressing;
    options->stpp_languages = {"en"};
    Session session;
    session.asset = std::move(asset);
    session.options = std::move(options);
    session.first_number = 5;
    return session;
}

TEST_CASE("subtitles that we make up have an initialisation and numbered segments") {
    auto const session = session_with(Addressing::number);
    auto const header = timed_text_name_of(session, "timestpp-en/init.mp4");
    REQUIRE((header && *header));
    CHECK((*header)->text.language == "en");
    CHECK_FALSE((*header)->index);
    auto const segment = timed_text_name_of(session, "timestpp-en/45.m4s");
    REQUIRE((segment && *segment));
    CHECK((*segment)->index == 40);
}

TEST_CASE("segments are called by their times where the MPD does so") {
    auto const session = session_with(Addressing::timeline_time);
    auto const segment = timed_text_name_of(session, "timestpp-en/80000.m4s");
    REQUIRE((segment && *segment));
    CHECK((*segment)->index == 40);
    CHECK(timed_text_name_of(session, "timestpp-en/80001.m4s").has_error());
}

TEST_CASE("what can never be is 404") {
    for (auto const addressing : {Addressing::number, Addressing::timeline_time})
        for (auto const* const name :
             {"timestpp-en/4x.m4s", "timestpp-en/-1.m4s", "timestpp-en/.m4s", "timestpp-en/5.mp4",
              "timestpp-en/9223372036854775807.m4s", "timestpp-en/9223372036854775808.m4s",
              "timestpp-en/5", "timestpp-en/", "timestpp-en/a/5.m4s"}) {
            auto const found = timed_text_name_of(session_with(addressing), name);
            REQUIRE_MESSAGE(found.has_error(), name);
            CHECK(found.error().status == 404);
        }
    CHECK(timed_text_name_of(session_with(Addressing::number), "timestpp-en/4.m4s").has_error());
}

TEST_CASE("other names are somebody else's") {
    auto const session = session_with(Addressing::number);
    for (auto const* const name : {"timestpp-sv/init.mp4", "timewvtt-en/init.mp4", "V300/5.m4s",
                                   "init.mp4", "", "/timestpp-en/init.mp4"}) {
        auto const found = timed_text_name_of(session, name);
        REQUIRE_MESSAGE(found.has_value(), name);
        CHECK_FALSE(found->has_value());
    }
}

} // namespace timed_text_name_test
