#include "tests/unit/core/dash/rules/recording.hpp"

#include <doctest/doctest.h>

namespace continuo::test {
namespace {

using dash::rules::Purpose;
using media::SegmentFacts;
using Rules = std::set<int>;

/// What happens to one segment of the pictures, the third that is new.
Recording with(Purpose purpose, std::function<void(Response&, SegmentFacts&)> const& change,
               bool is_timeline = true) {
    auto const wanted = static_cast<std::uint64_t>((run_begin + 6s - first_start) / 2s);
    return {.is_timeline = is_timeline,
            .segment = [=](SegmentFetch const& fetch, WallTime, Response& response,
                           SegmentFacts& facts) {
                auto const& segment = fetch.fetch.segment;
                bool const is_it =
                    fetch.segment.back().starts_with("V") &&
                    (is_timeline ? segment.time / 180'000 : segment.number) == wanted;
                bool const is_early = purpose == Purpose::early;
                if (fetch.fetch.purpose == purpose && (is_it || is_early)) change(response, facts);
            }};
}

/// All media times of a segment.
void shift(SegmentFacts& facts, std::int64_t units) {
    facts.decode_begin_units += units;
    facts.begin_units += units;
}

} // namespace

TEST_CASE("D5: a segment is there from the moment on when it is available") {
    for (bool const is_timeline : {true, false}) {
        CHECK(with(
                  Purpose::listed, [](Response& r, auto&) { r.status = 404; }, is_timeline)
                  .rules() == Rules{5});
        CHECK(with(
                  Purpose::listed, [](Response& r, auto&) { r.complete = false; }, is_timeline)
                  .rules() == Rules{5});
        CHECK(with(
                  Purpose::early, [](Response& r, auto&) { r.status = 200; }, is_timeline)
                  .rules() == Rules{5});
        CHECK(with(
                  Purpose::early, [](Response& r, auto&) { r.status = 404; }, is_timeline)
                  .rules()
                  .empty());
    }
}

TEST_CASE("D5: it stays there, the same, until the time-shift buffer has left it behind") {
    auto const all = [](Purpose purpose, auto change) {
        return Recording{
            .is_timeline = false,
            .length = 30s,
            .segment = [=](SegmentFetch const& fetch, WallTime, Response& response, auto&) {
                if (fetch.fetch.purpose == purpose) change(response);
            }};
    };
    CHECK(all(Purpose::retained, [](Response& r) { r.status = 410; }).rules() == Rules{5});
    CHECK(all(Purpose::retained, [](Response& r) { r.body += "x"; }).rules() == Rules{5});
}

TEST_CASE("D5: the initialisation section is asked for by its name") {
    std::set<std::string> names;
    Recording const recording{.length = 3s,
                              .segment = [&](SegmentFetch const& fetch, WallTime, Response&,
                                             auto&) { names.insert(fetch.initialisation.back()); }};
    CHECK(recording.rules().empty());
    CHECK(names == std::set<std::string>{"A/init.mp4", "V/init.mp4"});
}

TEST_CASE("D6: media begin when the timeline says, and last as long") {
    CHECK(with(Purpose::listed, [](auto&, SegmentFacts& facts) { shift(facts, 1); }).rules() ==
          Rules{6});
    CHECK(with(Purpose::listed, [](auto&, SegmentFacts& facts) {
              facts.decode_duration_units -= 3'600;
          }).rules() == Rules{6});
    // Edit lists count, and the order of pictures.
    auto const edited = [](SegmentFetch const&, WallTime, Response&, SegmentFacts& facts) {
        facts.decode_begin_units += 7'200;
        facts.edit_units = -7'200;
    };
    CHECK(Recording{.segment = edited}.rules().empty());
    auto const reordered = [](SegmentFetch const&, WallTime, Response&, SegmentFacts& facts) {
        facts.decode_begin_units -= 7'200;
    };
    CHECK(Recording{.segment = reordered}.rules().empty());
}

TEST_CASE("D6: what an edit list leaves out in front of the first segment does not count") {
    auto const primed = [](std::int64_t decoded) {
        return Recording{
            .begin = first_start + 3s,
            .length = 3s,
            .segment = [=](SegmentFetch const& fetch, WallTime, Response&, SegmentFacts& facts) {
                if (!fetch.segment.back().starts_with("A")) return;
                facts.edit_units = -1'024;
                if (fetch.fetch.segment.time == 0)
                    facts.decode_duration_units += decoded;
                else
                    facts.decode_begin_units += 1'024;
                facts.begin_units = facts.decode_begin_units - 1'024;
            }};
    };
    CHECK(primed(1'024).rules().empty());
    CHECK(primed(1'023).rules() == Rules{6});
}

TEST_CASE("D6: numbers tell the time within half a segment") {
    auto const by = [](std::int64_t units) {
        return Recording{
            .is_timeline = false,
            .segment = [=](SegmentFetch const& fetch, WallTime, Response&, SegmentFacts& facts) {
                if (fetch.segment.back().starts_with("V")) shift(facts, units);
            }};
    };
    CHECK(by(89'000).rules().empty());
    CHECK(by(91'000).rules() == Rules{6});
    CHECK(by(-91'000).rules() == Rules{6});
}

TEST_CASE("D6: segments leave no gap, and do not overlap") {
    for (std::int64_t const units : {1, -1}) {
        auto const recording = with(
            Purpose::listed, [=](auto&, SegmentFacts& facts) { shift(facts, units); },
            /*is_timeline=*/false);
        auto const findings = recording.watch();
        REQUIRE_MESSAGE(findings.size() == 2, describe(findings));
        CHECK(findings[0].evidence.find(units > 0 ? "a gap of 1 units" : "an overlap of 1 units") !=
              std::string::npos);
        CHECK(to_text(findings[0]).starts_with("rule D6: /live.mpd p/V: between segments"));
    }
}

TEST_CASE("D12: every base URL has the segments") {
    auto const two_bases = [](int status) {
        return Recording{.length = 3s,
                         .mpd =
                             [](std::string& mpd, WallTime) {
                                 replace(mpd, "<Period ",
                                         "<BaseURL>a/</BaseURL><BaseURL>b/"
                                         "</BaseURL><Period ");
                             },
                         .segment =
                             [=](SegmentFetch const& fetch, WallTime, Response& response, auto&) {
                                 auto const base = fetch.segment.front();
                                 CHECK(base == (fetch.fetch.base == 0 ? "a/" : "b/"));
                                 if (base == "b/") response.status = status;
                             }};
    };
    CHECK(two_bases(200).rules().empty());
    CHECK(two_bases(404).rules() == Rules{12});
}

TEST_CASE("D12: Location leads to an MPD") {
    Recording recording{.length = 3s, .mpd = [](std::string& mpd, WallTime) {
                            replace(mpd, "<Period ", "<Location>there.mpd</Location><Period ");
                        }};
    CHECK(recording.rules().empty());
    recording.location_status = 404;
    CHECK(recording.rules() == Rules{12});
}

} // namespace continuo::test
