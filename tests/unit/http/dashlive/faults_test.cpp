#include "http/dashlive/faults.hpp"

#include <doctest/doctest.h>

#include <string>

namespace faults_test {

using namespace continuo;
using namespace continuo::dashlive;
using namespace std::chrono_literals;
using State = TrafficSpan::State;

/// Pictures whose segments last as said, in units of 1/10 s.
Asset asset_of(std::vector<std::int64_t> const& durations) {
    auto pictures = std::make_shared<Track>();
    pictures->id = "V300";
    pictures->timescale = 10;
    pictures->loop.emplace(10, durations);
    Asset asset;
    asset.reference = pictures;
    asset.tracks.emplace("V300", std::move(pictures));
    return asset;
}

Options failing(std::vector<StatusFault> faults) {
    Options options;
    options.status_faults = std::move(faults);
    return options;
}

DateTime at(std::int64_t ms) {
    return DateTime{milliseconds{ms}};
}

/// u20 d10, u10.
Options congested() {
    Options options;
    options.traffic = {{{State::up, 20s}, {State::down, 10s}}, {{State::up, 10s}}};
    return options;
}

TEST_CASE("statuscode: the segment of that place in each cycle of media time fails, no other") {
    auto const asset = asset_of({20, 20, 20}); // 2 s each
    auto const options =
        failing({{.cycle = 6s, .segment = 1, .status = 404, .representation = {}}});
    for (std::int64_t index = 0; index < 30; ++index)
        CHECK(status_fault(asset, options, "V300", index).has_value() == (index % 3 == 1));
    CHECK(status_fault(asset, options, "V300", 1) == 404);
}

TEST_CASE("statuscode: where cycles begin between segments, the next segment is their first") {
    auto const asset = asset_of({20}); // 2 s each, cycles at 0, 5, 10 s: first at 0, 6, 10 s
    auto const options =
        failing({{.cycle = 5s, .segment = 0, .status = 503, .representation = {}}});
    std::string failed;
    for (std::int64_t index = 0; index < 10; ++index)
        failed += status_fault(asset, options, "V300", index) ? 'x' : '.';
    CHECK(failed == "x..x.x..x.");
}

TEST_CASE("statuscode: the place is counted on uneven segments too, over the loop's end") {
    auto const asset = asset_of({40, 80}); // 4 s and 8 s; cycles of 24 s hold four
    auto const options =
        failing({{.cycle = 24s, .segment = 3, .status = 500, .representation = {}}});
    for (std::int64_t index = 0; index < 16; ++index)
        CHECK(status_fault(asset, options, "V300", index).has_value() == (index % 4 == 3));
}

TEST_CASE("statuscode: a fault holds for representations whose id contains its text") {
    auto const asset = asset_of({20});
    auto const options =
        failing({{.cycle = 2s, .segment = 0, .status = 404, .representation = "A4"},
                 {.cycle = 2s, .segment = 0, .status = 410, .representation = "V"}});
    CHECK(status_fault(asset, options, "A48", 7) == 404);
    CHECK(status_fault(asset, options, "V300", 7) == 410);
    CHECK_FALSE(status_fault(asset, options, "imsc1", 7));
}

TEST_CASE("statuscode: segments longer than the cycle are each the first of theirs") {
    auto const asset = asset_of({20});
    auto const first = failing({{.cycle = 1s, .segment = 0, .status = 404, .representation = {}}});
    auto const second = failing({{.cycle = 1s, .segment = 1, .status = 404, .representation = {}}});
    for (std::int64_t index = 0; index < 5; ++index) {
        CHECK(status_fault(asset, first, "V300", index));
        CHECK_FALSE(status_fault(asset, second, "V300", index));
    }
}

TEST_CASE("statuscode: the largest index and cycle that a URL may have do not overflow") {
    auto const asset = asset_of({20});
    auto const options = failing(
        {{.cycle = timeline::max_elapsed, .segment = 0, .status = 404, .representation = {}}});
    CHECK(status_fault(asset, options, "V300", 0));
    CHECK_FALSE(status_fault(asset, options, "V300", timeline::max_elapsed.count() / 2 - 1));
}

TEST_CASE("traffic: the pattern repeats from 1970 on, each state for its whole seconds") {
    TrafficPattern const pattern{{State::up, 10s}, {State::slow, 5s}, {State::hanging, 3s}};
    struct Row {
        std::int64_t ms;
        State state;
    };
    for (auto const& row :
         {Row{0, State::up}, Row{9'999, State::up}, Row{10'000, State::slow},
          Row{14'999, State::slow}, Row{15'000, State::hanging}, Row{17'999, State::hanging},
          Row{18'000, State::up}, Row{1'800'017'000, State::hanging}})
        CHECK_MESSAGE(state_at(pattern, at(row.ms)) == row.state, row.ms);
}

TEST_CASE("traffic: a path begins with its base URL") {
    auto const options = congested();
    auto const down = origin_of(options, "bu0/V300/0.m4s", at(20'000));
    REQUIRE(down.has_value());
    CHECK(down->state == State::down);
    CHECK(down->path == "V300/0.m4s");
    CHECK(origin_of(options, "bu0/V300/0.m4s", at(30'000))->state == State::up);
    CHECK(origin_of(options, "bu1/V300/0.m4s", at(20'000))->state == State::up);
}

TEST_CASE("traffic: without a base URL in the path nothing fails") {
    for (auto const* const path : {"V300/0.m4s", "bu/0.m4s", "bu0", "bux/0.m4s", "b0/0.m4s", ""}) {
        auto const origin = origin_of(congested(), path, at(20'000));
        REQUIRE(origin.has_value());
        CHECK(origin->state == State::up);
        CHECK(origin->path == path);
    }
}

TEST_CASE("traffic: a base URL that isn't there is 404, absurd numbers too") {
    for (auto const* const path : {"bu2/V300/0.m4s", "bu18446744073709551615/0.m4s"}) {
        auto const origin = origin_of(congested(), path, at(0));
        REQUIRE(origin.has_error());
        CHECK(origin.error().status == 404);
    }
}

TEST_CASE("baseurl: the only pattern of a media URL holds, of several none") {
    Options options;
    options.base_urls = {{{State::up, 40s}, {State::down, 20s}}};
    CHECK(origin_of(options, "V300/0.m4s", at(60'000))->state == State::up);
    CHECK(origin_of(options, "V300/0.m4s", at(100'000))->state == State::down);
    options.base_urls.push_back({{State::down, 60s}});
    CHECK(origin_of(options, "V300/0.m4s", at(100'000))->state == State::up);
}

TEST_CASE("annexI: exactly those values, in any order, beside others") {
    Options options;
    options.required_query = {{"a", "1"}, {"b", "x y"}};
    CHECK(check_query(options, "nowMS=3&b=x%20y&a=1").has_value());
    for (auto const* const query :
         {"", "a=1", "a=1&b=x", "a=1&b=x+y", "a=2&b=x%20y", "A=1&b=x%20y"}) {
        auto const checked = check_query(options, query);
        REQUIRE(checked.has_error());
        CHECK(checked.error().status == 400);
    }
    CHECK(check_query({}, "").has_value());
}

} // namespace faults_test
