#include "workers/segment/boundary_follower.hpp"

#include <doctest/doctest.h>

#include <random>
#include <vector>

namespace boundary_follower_test {

using namespace continuo;
using namespace continuo::segment;
using contract::Boundary;

constexpr Ticks90k frame{3600};
constexpr Ticks90k half_a_frame{1800};

Boundary at(std::int64_t pts) {
    return {.pts = Ticks90k(pts)};
}

constexpr Boundary::Kind discontinuity = Boundary::Kind::discontinuity;
constexpr Boundary::Kind end = Boundary::Kind::end;

BoundaryFollower following(std::vector<Boundary> const& lines, std::uint64_t first = 0) {
    BoundaryFollower follower(first);
    for (auto const& line : lines)
        follower.add(line);
    return follower;
}

std::optional<Ticks90k> opened(BoundaryFollower& follower, std::int64_t pts,
                               bool random_access = true) {
    auto const boundary = follower.opened_by(
        {.pts = Ticks90k(pts), .random_access = random_access, .length = frame}, half_a_frame);
    if (!boundary) return std::nullopt;
    return boundary->pts;
}

TEST_CASE(
    "boundary follower: the first random-access point at or after a boundary opens it, once") {
    auto follower = following({at(90'000), at(270'000)});
    CHECK_FALSE(opened(follower, -3'600));
    CHECK_FALSE(opened(follower, 90'000, /*random_access=*/false));
    CHECK(opened(follower, 93'600) == Ticks90k(90'000));
    CHECK_FALSE(opened(follower, 97'200));
    CHECK(opened(follower, 270'000) == Ticks90k(270'000));
    CHECK_FALSE(opened(follower, 450'000));
}

TEST_CASE("boundary follower: a picture may be early by half its length, not by more") {
    auto follower = following({at(0), at(90'000)});
    CHECK(opened(follower, 0) == Ticks90k(0));
    CHECK_FALSE(opened(follower, 88'199));
    CHECK(opened(follower, 88'200) == Ticks90k(90'000));
}

TEST_CASE("boundary follower: a boundary without a random-access point is taken by the last "
          "picture in front of the next") {
    auto follower = following({at(0), at(180'000), at(360'000)});
    CHECK(opened(follower, 0) == Ticks90k(0));
    CHECK_FALSE(opened(follower, 180'000, /*random_access=*/false));
    CHECK_FALSE(opened(follower, 352'800, /*random_access=*/false));
    CHECK(opened(follower, 356'400, /*random_access=*/false) == Ticks90k(180'000));
    CHECK(opened(follower, 450'000) == Ticks90k(360'000));
}

TEST_CASE("boundary follower: an overlong boundary, and a full segment, need no random-access "
          "point") {
    auto follower = following({{.pts = Ticks90k(90'000), .overlong = true}, at(180'000)});
    CHECK(opened(follower, 90'000, /*random_access=*/false) == Ticks90k(90'000));
    CHECK_FALSE(opened(follower, 180'000, /*random_access=*/false));
    auto const full = follower.opened_by(
        {.pts = Ticks90k(183'600), .length = frame, .fills_its_segment = true}, half_a_frame);
    CHECK(full == at(180'000));
}

TEST_CASE("boundary follower: what lost data goes on with the latest boundary it has reached") {
    auto follower = following({at(0), at(180'000), at(360'000), at(540'000)});
    CHECK(opened(follower, 0) == Ticks90k(0));
    CHECK(opened(follower, 361'000) == Ticks90k(360'000));
    CHECK(opened(follower, 540'000) == Ticks90k(540'000));
}

TEST_CASE("boundary follower: the lines cover what lies at or in front of the last of them") {
    auto follower = following({});
    CHECK_FALSE(follower.covers(Ticks90k(0), half_a_frame));
    follower.add(at(90'000));
    CHECK(follower.covers(Ticks90k(0), half_a_frame));
    CHECK(follower.covers(Ticks90k(91'800), half_a_frame));
    CHECK_FALSE(follower.covers(Ticks90k(91'801), half_a_frame));
    SUBCASE("after an end all is told") {
        follower.add({.kind = end});
        CHECK(follower.covers(Ticks90k(910'000), half_a_frame));
        CHECK(opened(follower, 93'600) == Ticks90k(90'000));
        CHECK_FALSE(opened(follower, 910'000));
    }
    SUBCASE("and so it is in front of a discontinuity") {
        follower.add({.kind = discontinuity});
        CHECK(follower.covers(Ticks90k(910'000), half_a_frame));
        CHECK(follower.pass_discontinuity());
        CHECK_FALSE(follower.covers(Ticks90k(0), half_a_frame));
    }
}

TEST_CASE("boundary follower: over a discontinuity lines are counted, whoever comes first") {
    std::vector<Boundary> const lines{
        at(900'000), {.kind = discontinuity}, at(5), {.kind = discontinuity}, at(900'000)};
    SUBCASE("the leader") {
        auto follower = following(lines);
        CHECK(opened(follower, 900'000) == Ticks90k(900'000));
        CHECK(follower.pass_discontinuity());
        CHECK(opened(follower, 5) == Ticks90k(5));
        CHECK_FALSE(opened(follower, 900'000)); // still the stretch of the 5
        CHECK(follower.pass_discontinuity());
        CHECK(opened(follower, 900'000) == Ticks90k(900'000));
    }
    SUBCASE("the follower") {
        BoundaryFollower follower(0);
        CHECK_FALSE(follower.pass_discontinuity());
        CHECK_FALSE(follower.pass_discontinuity());
        for (auto const& line : lines) {
            CHECK_FALSE(follower.covers(Ticks90k(0), half_a_frame));
            follower.add(line);
        }
        CHECK(follower.covers(Ticks90k(0), half_a_frame));
        CHECK(opened(follower, 900'000) == Ticks90k(900'000));
    }
}

TEST_CASE("boundary follower: one that begins later counts over all stretches") {
    std::vector<Boundary> const lines{
        at(0), at(180'000), {.kind = discontinuity}, at(0), at(180'000)};
    for (std::uint64_t first = 0; first < 4; ++first) {
        CAPTURE(first);
        auto follower = following(lines, first);
        CHECK(opened(follower, 0).has_value() == (first < 1));
        CHECK(opened(follower, 180'000).has_value() == (first < 2));
        CHECK(follower.pass_discontinuity());
        CHECK(opened(follower, 0).has_value() == (first < 3));
        CHECK(opened(follower, 180'000).has_value());
    }
}

TEST_CASE("boundary follower: over the clock's wrap") {
    auto const before = clock_turn.count() - 90'000;
    auto follower = following({at(before), at(90'000)});
    CHECK(opened(follower, before) == Ticks90k(before));
    CHECK(follower.covers(Ticks90k(clock_turn.count() - 3600), half_a_frame));
    CHECK(follower.covers(Ticks90k(0), half_a_frame));
    CHECK_FALSE(opened(follower, 0));
    CHECK(opened(follower, 90'000) == Ticks90k(90'000));
}

TEST_CASE("boundary follower: with every mixture of keyframes each boundary opens one segment, at "
          "the same pictures whenever its lines came") {
    std::mt19937 random(4);
    for (int round = 0; round < 300; ++round) {
        std::vector<Boundary> lines;
        for (std::int64_t pts = 0; pts < 1'800'000; pts += 3600 * (20 + random() % 60))
            lines.push_back(at(pts));
        lines.push_back({.kind = end});
        std::vector<bool> keys(500);
        for (auto&& key : keys)
            key = random() % 30 == 0;
        keys[0] = true;
        auto const run = [&](bool all_at_once) {
            BoundaryFollower follower(0);
            std::size_t told = 0;
            std::vector<std::pair<std::size_t, Ticks90k>> places;
            for (std::size_t i = 0; i < keys.size(); ++i) {
                auto const pts = Ticks90k(static_cast<std::int64_t>(i) * 3600);
                while (told < lines.size() && (all_at_once || !follower.covers(pts, half_a_frame)))
                    follower.add(lines[told++]);
                auto const boundary = follower.opened_by(
                    {.pts = pts, .random_access = keys[i], .length = frame}, half_a_frame);
                if (boundary) places.emplace_back(i, boundary->pts);
            }
            return places;
        };
        auto const places = run(/*all_at_once=*/true);
        CHECK(places == run(/*all_at_once=*/false));
        for (std::size_t i = 0; i + 1 < places.size(); ++i)
            CHECK(places[i].second == lines[i].pts);
        CHECK(places.size() + 2 >= lines.size());
    }
}

TEST_CASE("boundary follower: the first of a stretch may begin sooner, the others not") {
    auto follower = following({at(90'000), at(270'000), {.kind = discontinuity}, at(90'000)});
    CHECK(opened(follower, 3'600) == Ticks90k(90'000));
    CHECK_FALSE(opened(follower, 183'600));
    CHECK(opened(follower, 270'000) == Ticks90k(270'000));
    CHECK(follower.pass_discontinuity());
    CHECK_FALSE(opened(follower, -1)); // more than a second
    CHECK(opened(follower, 0) == Ticks90k(90'000));
}

TEST_CASE(
    "boundary follower: an overlong boundary waits for its own picture, which may come behind "
    "a later one") {
    auto follower = following({at(0), {.pts = Ticks90k(90'000), .overlong = true}, at(270'000)});
    CHECK(opened(follower, 0) == Ticks90k(0));
    CHECK_FALSE(opened(follower, 93'600, /*random_access=*/false));
    CHECK(opened(follower, 90'000, /*random_access=*/false) == Ticks90k(90'000));
}

TEST_CASE("boundary follower: one whose clock is a little ahead of the leader's stays so") {
    auto follower = following(
        {at(126'000), at(306'000), at(486'000), {.kind = discontinuity}, at(126'000), at(306'000)});
    CHECK(opened(follower, 118'800) == Ticks90k(126'000)); // 80 ms
    CHECK_FALSE(opened(follower, 290'000));
    CHECK(opened(follower, 298'800) == Ticks90k(306'000));
    CHECK_FALSE(opened(follower, 306'000));
    CHECK(opened(follower, 486'000) == Ticks90k(486'000)); // at or after goes as ever
    CHECK(follower.pass_discontinuity());
    CHECK(opened(follower, 126'000) == Ticks90k(126'000));
    CHECK_FALSE(opened(follower, 298'800));
}

} // namespace boundary_follower_test
