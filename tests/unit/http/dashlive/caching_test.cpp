#include "http/dashlive/caching.hpp"

#include <doctest/doctest.h>

#include <functional>

namespace caching_test {

using namespace continuo;
using namespace continuo::dashlive;
using namespace std::chrono_literals;

Session session_with(std::function<void(Options&)> const& change, milliseconds depth = 60s) {
    auto options = std::make_shared<Options>();
    if (change) change(*options);
    Session session;
    session.options = std::move(options);
    session.depth = depth;
    return session;
}

TEST_CASE("segments may be kept longer than they can be had") {
    CHECK(segment_caching(session_with({}), false) == "public, max-age=120, immutable");
    CHECK(segment_caching(session_with({}, 0s), false) == "public, max-age=60, immutable");
    CHECK(segment_caching(session_with({}, 3'000'000'000s), false) ==
          "public, max-age=31536000, immutable");
}

TEST_CASE("what depends on the clock is kept by nobody") {
    CHECK(segment_caching(session_with({}), /*by_clock=*/true) == "no-store");
    CHECK(manifest_caching(session_with({}), 2s, /*by_clock=*/true) == "no-store");
    std::vector<std::function<void(Options&)>> const changes{
        [](Options& options) { options.start_relative = -20s; },
        [](Options& options) { options.stop_relative = 20s; },
        [](Options& options) { options.modulo = 10min; },
        [](Options& options) { options.follows_now = true; },
        [](Options& options) { options.keeps_times_short = true; },
        [](Options& options) {
            options.traffic = {{{TrafficSpan::State::up, 10s}}};
        },
        [](Options& options) {
            options.base_urls = {{{TrafficSpan::State::up, 60s}}};
        },
    };
    for (auto const& change : changes) {
        CHECK(segment_caching(session_with(change), false) == "no-store");
        CHECK(manifest_caching(session_with(change), 2s, false) == "no-store");
        CHECK(manifest_caching(session_with(change), std::nullopt, false) == "no-store");
    }
    CHECK(
        segment_caching(session_with([](Options& options) {
                            options.status_faults = {
                                {.cycle = 30s, .segment = 0, .status = 404, .representation = {}}};
                        }),
                        false) == "public, max-age=120, immutable");
}

TEST_CASE("an MPD may be kept half of its update period, a minute at most") {
    CHECK(manifest_caching(session_with({}), 2s, false) == "max-age=1");
    CHECK(manifest_caching(session_with({}), 9s, false) == "max-age=4");
    CHECK(manifest_caching(session_with({}), 1s, false) == "no-cache");
    CHECK(manifest_caching(session_with({}), 24h, false) == "max-age=60");
    CHECK(manifest_caching(session_with({}), std::nullopt, false) == "max-age=60");
}

} // namespace caching_test
