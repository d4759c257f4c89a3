#include "http/pseudolive/eras.hpp"
#include "tests/support/sample_asset.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <string>
#include <string_view>

namespace eras_test {

using namespace continuo;
using namespace continuo::pseudolive;
using namespace continuo::test;
using namespace std::chrono_literals;

constexpr WallTime epoch{1'767'225'600s};
constexpr WallTime now = epoch + 1000s;

Stream stream_of(Ticks90k duration, Era era = {.start = epoch}) {
    auto const asset = sample_asset("x", {duration, duration}, {{"a", 1000}});
    return Stream({{.asset = asset, .times = 1, .tracks = {0}}}, {.era = era, .window = 3});
}

TEST_CASE("eras: a stream without a past begins at the epoch, with 0") {
    auto const entry = era_of(stream_of(4s), "x", epoch, {}, now);
    CHECK(entry.era == Era{.start = epoch});
    CHECK(entry.numbers == 2);
    CHECK(entry.discontinuities == 1);
    CHECK(entry.length == Ticks90k{8s});
}

TEST_CASE("eras: what shows the same stays in its era, whenever that is asked") {
    auto entry = era_of(stream_of(4s), "x", epoch, {}, now);
    entry.era = {
        .start = epoch + 7s, .media_sequence = 5, .discontinuity_sequence = 2, .follows = true};
    auto const again = era_of(stream_of(4s), "x", epoch, {.entry = &entry, .before = nullptr}, now);
    CHECK(again == entry);
}

TEST_CASE("eras: another epoch is another clock: nothing goes on from the first") {
    auto entry = era_of(stream_of(4s), "x", epoch, {}, now);
    entry.era.media_sequence = 500;
    auto const other = era_of(stream_of(4s), "x", epoch - 24h, {.entry = &entry}, now);
    CHECK(other.era == Era{.start = epoch - 24h});
}

TEST_CASE("eras: a change while it is shown goes on right behind what was shown") {
    auto const before = stream_of(4s);
    auto const entry = era_of(before, "x", epoch, {}, now);
    auto const after = era_of(stream_of(5s), "y", epoch, {.entry = &entry, .before = &before}, now);
    CHECK(after.era.media_sequence == before.ended_by(now));
    CHECK(after.era.follows);
    CHECK(after.fingerprint == "y");
    auto const shown = stream_of(5s, after.era);
    CHECK(shown.ended_by(now) >= 3); // a whole list from the first moment on
}

TEST_CASE("eras: a change while nobody looked goes on no lower than anybody can have seen") {
    auto const before = stream_of(4s);
    auto const entry = era_of(before, "x", epoch, {}, now);
    auto const after = era_of(stream_of(5s), "y", epoch, {.entry = &entry}, now);
    auto const place = before.ended_by(now);
    CHECK(after.era.media_sequence >= place);
    CHECK(after.era.media_sequence <= place + 2 * entry.numbers);
    auto const seen =
        before.list(0, place, [](Asset const&, std::string const& uri) { return uri; });
    CHECK(after.era.discontinuity_sequence > seen->discontinuity_sequence);
    CHECK(after.era.follows);
    // And again, from that one.
    auto const third = era_of(stream_of(4s), "z", epoch, {.entry = &after}, now + 1h);
    CHECK(third.era.media_sequence >= stream_of(5s, after.era).ended_by(now + 1h));
    CHECK(third.era.media_sequence > after.era.media_sequence);
}

TEST_CASE("eras: numbers are counted of the track that has most segments") {
    auto const asset = std::const_pointer_cast<Asset>(sample_asset("x", {4s, 4s}, {{"a", 1000}}));
    asset->tracks.push_back(sample_track("sound", {2s, 2s, 2s, 2s}));
    asset->tracks.back().begun_by = {0, 2, 4};
    Stream const stream({{.asset = asset, .times = 3, .tracks = {0, 1}}},
                        {.era = {.start = epoch}, .window = 3});
    CHECK(era_of(stream, "x", epoch, {}, now).numbers == 12);
}

TEST_CASE("eras: what is written is read again, anything else is an error") {
    Eras eras;
    eras["clip"] = era_of(stream_of(4s), "x", epoch, {}, now);
    eras["live/news"] = {.era = {.start = epoch - 3us,
                                 .media_sequence = ~std::uint64_t{0},
                                 .discontinuity_sequence = 7,
                                 .follows = true},
                         .epoch = epoch,
                         .fingerprint = "a\nb",
                         .numbers = 3,
                         .discontinuities = 1,
                         .length = Ticks90k{9}};
    auto const text = to_text(eras);
    CHECK(parse_eras(text).value() == eras);
    for (std::size_t size = 0; size + 1 < text.size(); ++size)
        CHECK(!parse_eras(text.substr(0, size)));
    CHECK(!parse_eras(R"({"version":2,"eras":{}})"));
    CHECK(!parse_eras(R"({"version":1,"eras":{"a":{}}})"));
    CHECK(!parse_eras(R"({"version":1,"eras":[1]})"));
    CHECK(!parse_eras(R"({"version":1,"eras":{"a":1}})"));
    auto const with = [&](std::string_view from, std::string_view to) {
        auto changed = text;
        return changed.replace(changed.find(from), from.size(), to);
    };
    CHECK(parse_eras(with("\"numbers\":3", "\"numbers\":4")).has_value());
    for (auto const number : {"-1", "1.5", "1e300", "18446744073709551616", "\"3\"", "null"})
        CHECK(!parse_eras(with("\"numbers\":3", fmt::format("\"numbers\":{}", number))));
    CHECK(!parse_eras(with("\"length\":9", "\"length\":0")));
    CHECK(!parse_eras(with("\"follows\":true", "\"follows\":1")));
    // Beyond all clocks.
    CHECK(!parse_eras(with("\"start_us\":1767225599999997", "\"start_us\":-9223372036854775808")));
}

} // namespace eras_test
