#include "core/dash/date_time.hpp"
#include "tests/unit/core/dash/rules/recording.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

namespace continuo::test {
namespace {

using Rules = std::set<int>;

std::string date(WallTime time) {
    return dash::to_text(std::chrono::floor<milliseconds>(time));
}

/// From here on a recording is broken that was not before; the MPD changes by itself then, too.
bool is_later(WallTime now) {
    return now >= run_begin + 6s;
}

/// The value of an attribute that stands first with that name.
std::string value_of(std::string const& mpd, std::string const& name) {
    auto const begin = mpd.find(name + "=\"") + name.size() + 2;
    return mpd.substr(begin, mpd.find('"', begin) - begin);
}

void set(std::string& mpd, std::string const& name, std::string const& value) {
    replace(mpd, fmt::format("{}=\"{}\"", name, value_of(mpd, name)),
            value.empty() ? "" : fmt::format("{}=\"{}\"", name, value));
}

/// The n-th S of the pictures removed.
void drop(std::string& mpd, unsigned n) {
    auto begin = mpd.find("<S t");
    for (; n > 0; --n)
        begin = mpd.find("<S t", begin + 1);
    mpd.erase(begin, mpd.find("/>", begin) + 2 - begin);
}

} // namespace

TEST_CASE("DASH rules: a presentation without faults breaks none") {
    for (bool const is_timeline : {true, false}) {
        auto const findings = Recording{.is_timeline = is_timeline}.watch();
        CHECK_MESSAGE(findings.empty(), describe(findings));
    }
}

TEST_CASE("D1: publishTime is there, not ahead, and changes with the MPD") {
    CHECK(Recording{.mpd = [](auto& mpd, WallTime) { set(mpd, "publishTime", ""); }}.rules() ==
          Rules{1});
    CHECK(Recording{.mpd = [](auto& mpd, WallTime now) {
              set(mpd, "publishTime", date(now + 100ms));
          }}.rules() == Rules{1});
    CHECK(Recording{.mpd = [](auto& mpd, WallTime) {
              set(mpd, "publishTime", date(run_begin));
          }}.rules() == Rules{1});
    CHECK(Recording{.is_timeline = false,
                    .mpd = [](auto& mpd, WallTime now) { set(mpd, "publishTime", date(now)); }}
              .rules() == Rules{1});
    CHECK(Recording{.is_timeline = false,
                    .mpd =
                        [](auto& mpd, WallTime now) {
                            set(mpd, "publishTime", date(is_later(now) ? first_start : run_begin));
                        }}
              .rules() == Rules{1});
    CHECK(Recording{.mpd = [](auto& mpd, WallTime now) {
              if (is_later(now)) mpd.resize(mpd.size() / 2);
          }}.rules() == Rules{1});
}

TEST_CASE("D1: a time that the MPD tells is no change of it") {
    Recording recording{.is_timeline = false};
    recording.mpd = [](auto& mpd, WallTime now) {
        replace(mpd, "<Period",
                fmt::format("<UTCTiming schemeIdUri=\"urn:mpeg:dash:utc:direct:2014\" "
                            "value=\"{}\"/><Period",
                            date(now)));
    };
    CHECK(recording.rules().empty());
}

TEST_CASE("D1: an MPD at its Location has a publishTime of its own") {
    for (bool const is_moved : {true, false}) {
        Recording const recording;
        dash::rules::Verifier verifier("/live.mpd");
        auto const see = [&](WallTime published) {
            Response response;
            response.asked = response.at = run_begin;
            response.status = 200;
            response.complete = true;
            response.body = recording.mpd_at(run_begin);
            set(response.body, "publishTime", date(published));
            CHECK(verifier.saw_mpd(response));
        };
        see(run_begin);
        if (is_moved) verifier.move_to_location();
        see(first_start);
        CHECK(verifier.take_findings().empty() == is_moved);
    }
}

TEST_CASE("D2: an MPD lists what is available, as long as it may be kept") {
    CHECK(Recording{.mpd = [](auto& mpd, WallTime) {
              set(mpd, "minimumUpdatePeriod", "PT0S");
          }}.rules() == Rules{2});
    Recording stale;
    stale.mpd = [&](auto& mpd, WallTime now) {
        if (is_later(now)) mpd = stale.mpd_at(run_begin + 6s);
    };
    CHECK(stale.rules() == Rules{2});
    // Nothing says that more will come.
    Recording ended;
    ended.mpd = [&](auto& mpd, WallTime now) {
        if (is_later(now)) mpd = ended.mpd_at(run_begin + 6s);
        set(mpd, "minimumUpdatePeriod", "");
    };
    CHECK(ended.rules().empty());
}

TEST_CASE("D3: what two MPDs list both is the same") {
    CHECK(Recording{.mpd = [](auto& mpd, WallTime now) {
              if (is_later(now)) drop(mpd, 2);
          }}.rules() == Rules{3});
    CHECK(Recording{.length = 7s,
                    .mpd =
                        [](auto& mpd, WallTime now) {
                            if (!is_later(now)) return;
                            drop(mpd, 4); // the newest two
                            drop(mpd, 3);
                        }}
              .rules() == Rules{2, 3});
    CHECK(Recording{.mpd = [](auto& mpd, WallTime now) {
              if (is_later(now)) replace(mpd, "d=\"180000\"", "d=\"179999\"");
          }}.rules() == Rules{3});
    CHECK(Recording{.mpd = [](auto& mpd, WallTime) {
              replace(mpd, "<S t=\"", "<S t=\"1");
          }}.rules() == Rules{3}); // S overlap
}

TEST_CASE("D3: numbers of a timeline stay with their times") {
    auto const number = [](std::string& mpd, std::int64_t off) {
        replace(mpd, "$Time$", "$Number$");
        auto const first = std::stoll(value_of(mpd, "<S t")) / 180'000;
        replace(mpd, "media=", fmt::format("startNumber=\"{}\" media=", first + off));
    };
    CHECK(Recording{.mpd = [&](auto& mpd, WallTime) { number(mpd, 7); }}.rules().empty());
    CHECK(Recording{.mpd = [&](auto& mpd, WallTime now) {
              number(mpd, is_later(now) ? 8 : 7);
          }}.rules() == Rules{3});
}

TEST_CASE("D4: the window begins where the buffer does, and ends now") {
    CHECK(Recording{.mpd = [](auto& mpd, WallTime) { drop(mpd, 0); }}.rules() == Rules{4});
    Recording ahead;
    ahead.mpd = [&](auto& mpd, WallTime now) { mpd = ahead.mpd_at(now + 2s); };
    ahead.segment = [](SegmentFetch const&, WallTime, Response& response, auto&) {
        if (response.status == 425) response.status = 200;
    };
    auto const rules = ahead.rules();
    CHECK(rules.contains(4));
    CHECK_FALSE(rules.contains(2));
}

TEST_CASE("D7: periods keep their names and places") {
    CHECK(Recording{.mpd = [](auto& mpd, WallTime) { replace(mpd, " id=\"p\"", ""); }}.rules() ==
          Rules{7});
    CHECK(Recording{.is_timeline = false,
                    .mpd =
                        [](auto& mpd, WallTime now) {
                            if (is_later(now)) replace(mpd, "PT0S", "PT0.01S");
                            set(mpd, "publishTime",
                                date(is_later(now) ? run_begin + 6s : run_begin));
                        }}
              .rules() == Rules{7});
    CHECK(Recording{.mpd = [](auto& mpd, WallTime now) {
              if (is_later(now)) replace(mpd, "media=", "presentationTimeOffset=\"9\" media=");
          }}.rules() == Rules{7});
    auto const without_pictures = [](std::string& mpd) {
        auto const begin = mpd.find("<S t");
        mpd.erase(begin, mpd.find("</SegmentTimeline>") - begin);
    };
    CHECK(Recording{.mpd = [&](auto& mpd, WallTime) { without_pictures(mpd); }}.rules() ==
          Rules{7});
    CHECK(Recording{.mpd =
                        [](auto& mpd, WallTime now) {
                            if (is_later(now)) replace(mpd, "id=\"V\"", "id=\"W\"");
                        }}
              .rules()
              .contains(7));
}

TEST_CASE("D7: a period may go elsewhere, in its place") {
    auto const remote = [](std::string& mpd, std::string const& start) {
        auto const begin = mpd.find("<Period ");
        mpd.replace(begin, mpd.find("</Period>") - begin,
                    "<Period id=\"p\" start=\"" + start + "\" xlink:href=\"p.xml\">");
    };
    Recording recording{.is_timeline = false};
    std::string start = "PT0S";
    recording.mpd = [&](auto& mpd, WallTime now) {
        if (!is_later(now)) return;
        remote(mpd, start);
        set(mpd, "publishTime", date(run_begin + 6s));
    };
    CHECK(recording.rules().empty());
    start = "PT1S";
    CHECK(recording.rules() == Rules{7});
}

TEST_CASE("D8: availabilityStartTime stays") {
    CHECK(Recording{.mpd = [](auto& mpd, WallTime now) {
              if (is_later(now)) set(mpd, "availabilityStartTime", date(first_start + 1ms));
          }}.rules() == Rules{8});
    CHECK(Recording{.is_timeline = false,
                    .length = 1s,
                    .mpd = [](auto& mpd, WallTime) { set(mpd, "availabilityStartTime", ""); }}
              .rules()
              .contains(8));
}

TEST_CASE("D9: what is over says how long it was, and stays over") {
    auto const static_mpd = [](Recording const& recording) {
        auto mpd = recording.mpd_at(run_begin + 6s);
        set(mpd, "type", "static");
        set(mpd, "minimumUpdatePeriod", "");
        replace(mpd, "<Period", fmt::format("<Period duration=\"PT{}S\"", 1006));
        return mpd;
    };
    Recording over;
    over.mpd = [&](auto& mpd, WallTime now) {
        if (is_later(now)) mpd = static_mpd(over);
    };
    CHECK(over.rules().empty());
    Recording endless;
    endless.mpd = [&](auto& mpd, WallTime now) {
        if (!is_later(now)) return;
        mpd = static_mpd(endless);
        replace(mpd, " duration=\"PT1006S\"", "");
    };
    CHECK(endless.rules() == Rules{9});
    Recording updated;
    updated.mpd = [&](auto& mpd, WallTime now) {
        if (!is_later(now)) return;
        mpd = static_mpd(updated);
        replace(mpd, "type=", "minimumUpdatePeriod=\"PT2S\" type=");
    };
    CHECK(updated.rules() == Rules{9});
    Recording back;
    back.mpd = [&](auto& mpd, WallTime now) {
        if (now >= run_begin + 6s && now < run_begin + 7s) mpd = static_mpd(back);
    };
    CHECK(back.rules().contains(9));
}

} // namespace continuo::test
