#include "tests/support/temporary_directory.hpp"
#include "workers/segment/cut_reader.hpp"
#include "workers/segment/pacer.hpp"
#include "workers/segment/picture_clock.hpp"

#include <doctest/doctest.h>

#include <fstream>

namespace clocks_test {

using namespace continuo;
using namespace continuo::segment;
using namespace std::chrono_literals;

constexpr Ticks90k second{90'000};

TEST_CASE("picture clock: steps add up over the wrap, a jump counts as one picture") {
    PictureClock clock;
    CHECK(clock.picture_length() == PictureClock::usual_length);
    for (int i = -3; i <= 3; ++i)
        clock.add(wrapped(Ticks90k(i * 3000)));
    CHECK(clock.media_time() == Ticks90k(18'000));
    CHECK(clock.picture_length() == Ticks90k(3000));
    clock.add(500 * second);
    CHECK(clock.media_time() == Ticks90k(21'000));
    clock.add(499 * second); // and so does a step back
    CHECK(clock.media_time() == Ticks90k(24'000));
}

TEST_CASE("picture clock: one picture in two seconds is slow, not jumping") {
    PictureClock clock;
    for (int i = 0; i < 10; ++i)
        clock.add(i * 2 * second);
    CHECK(clock.media_time() == 18 * second);
    CHECK(clock.picture_length() == 2 * second);
}

TEST_CASE("picture clock: the length is the median, whatever a few pictures do") {
    PictureClock clock;
    Ticks90k dts{};
    for (int i = 0; i < 100; ++i)
        clock.add(dts += i % 10 == 0 ? Ticks90k(9000) : Ticks90k(3003));
    CHECK(clock.picture_length() == Ticks90k(3003));
}

TEST_CASE("pacer: input is due once the clock has come within the lead") {
    Pacer pacer(10 * second);
    Pacer::Time const start{100s};
    CHECK(pacer.due(std::nullopt, start) == start);
    CHECK(pacer.due(Ticks90k{}, start + 1s) <= start + 1s); // the first picture: the clock starts
    CHECK(pacer.due(10 * second, start + 1s) == start + 1s);
    CHECK(pacer.due(14 * second, start + 1s) == start + 5s);
    CHECK(pacer.due(14 * second, start + 60s) == start + 5s); // the source was slower: no waiting
}

TEST_CASE("pacer held: nothing is due until it is released, and then as much later") {
    Pacer pacer(10 * second);
    Pacer::Time const start{100s};
    (void)pacer.due(Ticks90k{}, start);
    CHECK(pacer.due(14 * second, start) == start + 4s);
    pacer.hold(start + 1s);
    pacer.hold(start + 2s); // it is held already
    CHECK(pacer.due(14 * second, start + 60s) == Pacer::Time::max());
    CHECK(pacer.due(std::nullopt, start + 60s) == Pacer::Time::max());
    CHECK(pacer.reached(start + 60s) == 11 * second);
    pacer.release(start + 61s);
    pacer.release(start + 90s);
    CHECK(pacer.due(14 * second, start + 62s) == start + 64s);
    CHECK(pacer.reached(start + 62s) == 12 * second);
}

TEST_CASE("pacer held: before its first picture, and without a lead") {
    for (auto const& lead : {std::optional(10 * second), std::optional<Ticks90k>()}) {
        Pacer pacer(lead);
        Pacer::Time const start{100s};
        pacer.hold(start);
        CHECK(pacer.due(std::nullopt, start + 5s) == Pacer::Time::max());
        pacer.release(start + 5s);
        CHECK(pacer.due(std::nullopt, start + 5s) == start + 5s);
    }
}

TEST_CASE("pacer: without a lead nothing waits") {
    Pacer pacer(std::nullopt);
    CHECK(pacer.due(1000 * second, Pacer::Time{5s}) == Pacer::Time{5s});
}

TEST_CASE("cut reader: whole lines only, each once, from before the file was there") {
    test::TemporaryDirectory const directory;
    auto const path = directory.path() / "cuts";
    CutReader reader(path);
    CHECK(reader.read_new().empty());
    std::ofstream file(path);
    CHECK(reader.read_new().empty());
    file << "100 cue\n200 over" << std::flush;
    CHECK(reader.read_new() ==
          std::vector<contract::Cut>{{.pts = Ticks90k(100), .overlong = false}});
    CHECK(reader.read_new().empty());
    file << "long\nnonsense\n300 cue\n" << std::flush;
    CHECK(reader.read_new() ==
          std::vector<contract::Cut>{{.pts = Ticks90k(200), .overlong = true},
                                     {.pts = Ticks90k(300), .overlong = false}});
}

} // namespace clocks_test
