// Every state that a follower can be in, and all that can happen to it there.
#include "tests/support/followed_playlist.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <array>
#include <string>

namespace playlist_follower_table_test {

using namespace continuo;
using namespace continuo::segment;
using namespace continuo::test;
using namespace std::chrono_literals;
using std::chrono::milliseconds;

/// What a follower does next, for the table below.
std::string summary(PlaylistFollower& it, Time now) {
    auto const relative = [&](std::optional<Time> time) {
        if (!time) return std::string("-");
        if (*time <= now) return std::string("now");
        return fmt::format("{:.1f}", std::chrono::duration<double>(*time - now).count());
    };
    auto const end = !it.end()                                  ? ""
                     : it.end()->why == InputEnd::Why::finished ? " finished"
                     : it.end()->why == InputEnd::Why::broken   ? " broken"
                                                                : " unsupported";
    return fmt::format("load {} fetch {}{}{}", relative(it.load_due()), relative(it.fetch_due()),
                       end, it.take_remarks().empty() ? "" : " said");
}

enum class State { waiting, forsaken, wanting, fetching, retrying, at_edge, draining, over };

/// Now is 8 s after the start, and a load that began 0.1 s ago has come.
constexpr auto now = start + 8s;

PlaylistFollower follower_in(State state) {
    auto it = follower();
    if (state == State::waiting) return it;
    auto const ended = state == State::draining || state == State::over;
    it.loaded(text({.ended = ended}), state == State::forsaken ? load(0ms, 40s) : load(0ms));
    if (state == State::forsaken || state == State::wanting) return it;
    if (state == State::at_edge || state == State::over) {
        fetch_all(it);
        return it;
    }
    it.begin_fetch();
    if (state == State::retrying) it.fetch_failed(no, now);
    return it;
}

void happen(PlaylistFollower& it, std::string_view event) {
    auto const at = load(7900ms);
    if (event == "news") it.loaded(text({.count = 4}), at);
    if (event == "the same") it.loaded(text({}), at);
    if (event == "not modified") it.unchanged(at);
    if (event == "older") it.loaded(text({.first = 9}), at);
    if (event == "began anew") it.loaded(text({.first = 0, .count = 2}), at);
    if (event == "ended") it.loaded(text({.ended = true}), at);
    if (event == "empty") it.loaded(text({.count = 0}), at);
    if (event == "garbage") it.loaded("<p>", at);
    if (event == "encrypted") it.loaded(text({.before_last = "#EXT-X-KEY:METHOD=AES-128"}), at);
    if (event == "variants") it.loaded("#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\na\n", at);
    if (event == "load failed") it.load_failed("refused", at.asked, at.came);
    if (event == "fetched") it.fetched();
    if (event == "no") it.fetch_failed(no, now);
    if (event == "silence") it.fetch_failed(silence, now);
}

TEST_CASE("follower: every state and every event") {
    struct Row {
        char const* event;
        std::array<char const*, 6>
            outcomes; ///< waiting, forsaken, wanting, fetching, retrying, at_edge
    };
    Row const rows[] = {
        {"news",
         {"load 3.9 fetch now", "load 3.9 fetch now", "load 3.9 fetch now", "load 3.9 fetch -",
          "load 3.9 fetch 0.2", "load 3.9 fetch now"}},
        {"the same",
         {"load 3.9 fetch now", "load 0.5 fetch -", "load 1.9 fetch now", "load 1.9 fetch -",
          "load 1.9 fetch 0.2", "load 1.9 fetch -"}},
        {"not modified",
         {nullptr, "load 0.5 fetch -", "load 1.9 fetch now", "load 1.9 fetch -",
          "load 1.9 fetch 0.2", "load 1.9 fetch -"}},
        {"older",
         {"load 3.9 fetch now", "load 0.5 fetch -", "load 1.9 fetch now", "load 1.9 fetch -",
          "load 1.9 fetch 0.2", "load 1.9 fetch -"}},
        {"began anew",
         {"load 3.9 fetch now", "load 3.9 fetch now said", "load 3.9 fetch now said",
          "load 3.9 fetch - said", "load 3.9 fetch now said", "load 3.9 fetch now said"}},
        {"ended",
         {"load - fetch now", "load - fetch now", "load - fetch now", "load - fetch -",
          "load - fetch 0.2", "load - fetch - finished"}},
        {"empty",
         {"load 0.2 fetch -", "load 0.5 fetch -", "load 0.2 fetch now", "load 0.2 fetch -",
          "load 0.2 fetch 0.2", "load 0.2 fetch -"}},
        {"garbage",
         {"load 0.2 fetch -", "load 0.5 fetch -", "load 0.2 fetch now", "load 0.2 fetch -",
          "load 0.2 fetch 0.2", "load 0.2 fetch -"}},
        {"load failed",
         {"load 0.2 fetch -", "load 0.5 fetch -", "load 0.2 fetch now", "load 0.2 fetch -",
          "load 0.2 fetch 0.2", "load 0.2 fetch -"}},
        {"variants",
         {"load now fetch -", "load now fetch -", "load now fetch now", "load now fetch -",
          "load now fetch 0.2", "load now fetch -"}},
        {"encrypted",
         {"load - fetch - unsupported", "load - fetch - unsupported", "load - fetch - unsupported",
          "load - fetch - unsupported", "load - fetch - unsupported",
          "load - fetch - unsupported"}},
    };
    for (auto const& row : rows) {
        for (std::size_t state = 0; state < row.outcomes.size(); ++state) {
            if (!row.outcomes[state]) continue; // it can't happen: there was no text before
            CAPTURE(row.event);
            CAPTURE(state);
            auto it = follower_in(State(state));
            happen(it, row.event);
            CHECK(summary(it, now) == row.outcomes[state]);
        }
        auto over = follower_in(State::over);
        happen(over, row.event);
        CHECK(summary(over, now) == "load - fetch - finished");
    }
}

TEST_CASE("follower: every state with a fetch under way, and what may become of it") {
    struct Row {
        char const* event;
        char const* fetching;
        char const* draining;
        char const* began_anew; ///< since the fetch began
        char const* stopped;    ///< since then
    };
    Row const rows[] = {
        {"fetched", "load now fetch now", "load - fetch now", "load 3.9 fetch now said",
         "load - fetch - unsupported"},
        {"no", "load now fetch 0.2", "load - fetch 0.2", "load 3.9 fetch now said",
         "load - fetch - unsupported"},
        {"silence", "load now fetch 0.2", "load - fetch 0.2", "load 3.9 fetch now said",
         "load - fetch - unsupported"},
    };
    for (auto const& row : rows) {
        CAPTURE(row.event);
        auto it = follower_in(State::fetching);
        happen(it, row.event);
        CHECK(summary(it, now) == row.fetching);
        it = follower_in(State::draining);
        happen(it, row.event);
        CHECK(summary(it, now) == row.draining);
        it = follower_in(State::fetching);
        happen(it, "began anew");
        happen(it, row.event);
        CHECK(summary(it, now) == row.began_anew);
        it = follower_in(State::fetching);
        happen(it, "encrypted");
        happen(it, row.event);
        CHECK(summary(it, now) == row.stopped);
    }
}

} // namespace playlist_follower_table_test
