#include "http/pseudolive/measurements.hpp"

#include <doctest/doctest.h>

namespace measurements_test {

using namespace continuo;
using namespace continuo::pseudolive;

Measurements const sample{{"720p/0.ts", {.stamp = "100-5", .duration = Ticks90k{540'000}}},
                          {"all.mp4@7+9", {.stamp = "9-9 4-4", .duration = Ticks90k{0}}}};

TEST_CASE("measurements: what is written is read again") {
    CHECK(parse_measurements(to_text(sample)).value() == sample);
    CHECK(parse_measurements(to_text(Measurements{})).value().empty());
}

TEST_CASE("measurements: a text that was cut off, or is another, is none") {
    auto const text = to_text(sample);
    for (std::size_t size = 0; size + 1 < text.size(); ++size) // the last is a line end
        CHECK(!parse_measurements(text.substr(0, size)));
    for (auto const* const other :
         {"[]", "{}", R"({"version":2,"segments":{}})", R"({"version":1,"segments":[]})",
          R"({"version":1,"segments":{"a":["x"]}})", R"({"version":1,"segments":{"a":["x",-1]}})",
          R"({"version":1,"segments":{"a":[1,1]}})", R"({"version":1,"segments":{"a":["x",1.5]}})"})
        CHECK_MESSAGE(!parse_measurements(other), other);
}

TEST_CASE("measurements: a part of a file has a name of its own") {
    hls::MediaSegment segment;
    segment.uri = "all.mp4";
    CHECK(part_name(segment) == "all.mp4");
    segment.byte_range = {.length_bytes = 9, .offset_bytes = 7};
    CHECK(part_name(segment) == "all.mp4@7+9");
}

} // namespace measurements_test
