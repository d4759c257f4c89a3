#include "http/live/channel_view.hpp"
#include "tests/support/sample_snapshot.hpp"

#include <doctest/doctest.h>

namespace channel_view_test {

using namespace continuo;
using namespace std::chrono_literals;

TEST_CASE("channel view: a text for the master and for each variant that has a segment") {
    auto snapshot = test::sample_snapshot(3);
    for (auto& segment : snapshot.segments)
        segment.files[1].clear();
    auto const view = live::view_of(snapshot);
    CHECK(view->snapshot == snapshot);
    REQUIRE(view->master.has_value());
    CHECK(server::memory_of(view->master->identity->body.pieces().front()).starts_with("#EXTM3U"));
    CHECK(view->master->identity->content_fields ==
          "Content-Type: application/vnd.apple.mpegurl\r\n");
    REQUIRE(view->variant("source") != nullptr);
    CHECK(view->variant("source")->has_value());
    REQUIRE(view->variant("360p") != nullptr);
    CHECK(!view->variant("360p")->has_value());
    CHECK(view->variant("1080p") == nullptr);
}

TEST_CASE("channel view: the same snapshot has the same tags, the next one others") {
    auto const one = live::view_of(test::sample_snapshot(3));
    auto const same = live::view_of(test::sample_snapshot(3));
    auto const next = live::view_of(test::sample_snapshot(4));
    auto const tag = [](auto const& view) { return (*view->variant("source"))->identity->etag; };
    CHECK(tag(one) == tag(same));
    CHECK(tag(one) != tag(next));
    CHECK(one->master->identity->etag == next->master->identity->etag);
}

TEST_CASE("channel view: only the channel \"live\" has the other URLs' texts") {
    auto snapshot = test::sample_snapshot(3);
    auto const other = live::view_of(snapshot);
    CHECK(!other->alias.copy_stream.has_value());
    CHECK(!other->alias.ladder_stream.has_value());
    CHECK(other->alias.numbered_streams.empty());
    snapshot.channel = "live";
    for (auto& segment : snapshot.segments)
        segment.files[1].clear();
    auto const named = live::view_of(snapshot);
    CHECK(named->alias.copy_stream.has_value());
    CHECK(named->alias.ladder_stream.has_value());
    REQUIRE(named->alias.numbered_streams.size() == 2);
    CHECK(named->alias.numbered_streams[0].has_value());
    CHECK(!named->alias.numbered_streams[1].has_value());
}

TEST_CASE("channel view: a list grows when its newest number does, by the steady clock") {
    constexpr live::SteadyTime first{1000s}, later{1010s};
    constexpr contract::WallTime any_wall{};
    auto const before = live::view_of(test::sample_snapshot(3), first);
    CHECK(live::growth_of(test::sample_snapshot(3), before.get(), later, any_wall) == first);
    CHECK(live::growth_of(test::sample_snapshot(4), before.get(), later, any_wall) == later);
    CHECK(live::growth_of(test::sample_snapshot(0), before.get(), later, any_wall) == later);
    auto const empty = live::view_of(test::sample_snapshot(0), first);
    CHECK(live::growth_of(test::sample_snapshot(0), empty.get(), later, any_wall) == first);
    CHECK(live::growth_of(test::sample_snapshot(1), empty.get(), later, any_wall) == later);
}

TEST_CASE("channel view: a list that is seen for the first time is as old as its dates say") {
    constexpr live::SteadyTime now{1000s};
    auto const snapshot = test::sample_snapshot(8);
    auto const& last = snapshot.segments.back();
    auto const end =
        last.date + std::chrono::duration_cast<std::chrono::microseconds>(last.duration);
    CHECK(live::growth_of(snapshot, nullptr, now, end + 42s) == now - 42s);
    CHECK(live::growth_of(snapshot, nullptr, now, end - 1h) == now);
    CHECK(live::growth_of(test::sample_snapshot(0), nullptr, now, end + 42s) == now);
}

} // namespace channel_view_test
