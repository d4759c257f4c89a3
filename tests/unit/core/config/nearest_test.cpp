#include "core/config/nearest.hpp"

#include <doctest/doctest.h>

#include <array>
#include <string>

namespace continuo::config::nearest_test {

constexpr std::array<std::string_view, 5> keys{"segment_time", "window", "budget", "preset",
                                               "name"};

TEST_CASE("nearest: a letter dropped, added, changed or swapped still finds the word") {
    CHECK(nearest("segmnt_time", keys) == "segment_time");
    CHECK(nearest("windoww", keys) == "window");
    CHECK(nearest("budgit", keys) == "budget");
    CHECK(nearest("rpeset", keys) == "preset");
    CHECK(nearest("segment", keys) == "segment_time");
}

TEST_CASE("nearest: nothing is named where nothing is meant") {
    CHECK(nearest("colour", keys).empty());
    CHECK(nearest("", keys).empty());
    CHECK(nearest(std::string(100'000, 'w'), keys).empty());
    CHECK(nearest("window", {}).empty());
}

TEST_CASE("nearest: of two the nearer one wins") {
    constexpr std::array<std::string_view, 2> delays{"first_delay", "max_delay"};
    CHECK(nearest("mx_delay", delays) == "max_delay");
    CHECK(nearest("firstdelay", delays) == "first_delay");
}

} // namespace continuo::config::nearest_test
