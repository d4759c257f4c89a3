#include "http/server/range.hpp"

#include <doctest/doctest.h>

#include <string>

namespace range_test {

using namespace continuo::server;

RangeChoice const whole{WholeContent{}};
RangeChoice const unsatisfiable{NotSatisfiable{}};

TEST_CASE("range: one range of bytes, cut to the size") {
    CHECK(choose_range("bytes=0-0", 100) == RangeChoice{ByteRange{0, 1}});
    CHECK(choose_range("bytes=10-19", 100) == RangeChoice{ByteRange{10, 10}});
    CHECK(choose_range("bytes=99-99", 100) == RangeChoice{ByteRange{99, 1}});
    CHECK(choose_range("bytes=10-", 100) == RangeChoice{ByteRange{10, 90}});
    CHECK(choose_range("bytes=10-1000", 100) == RangeChoice{ByteRange{10, 90}});
    CHECK(choose_range("bytes=0-99999999999999999999999", 100) == RangeChoice{ByteRange{0, 100}});
    CHECK(choose_range("Bytes = 1-2 ", 100) == RangeChoice{ByteRange{1, 2}});
}

TEST_CASE("range: the last bytes") {
    CHECK(choose_range("bytes=-1", 100) == RangeChoice{ByteRange{99, 1}});
    CHECK(choose_range("bytes=-100", 100) == RangeChoice{ByteRange{0, 100}});
    CHECK(choose_range("bytes=-1000", 100) == RangeChoice{ByteRange{0, 100}});
    CHECK(choose_range("bytes=-0", 100) == unsatisfiable);
    CHECK(choose_range("bytes=-5", 0) == whole);
}

TEST_CASE("range: what begins behind the end can't be satisfied") {
    CHECK(choose_range("bytes=100-", 100) == unsatisfiable);
    CHECK(choose_range("bytes=100-200", 100) == unsatisfiable);
    CHECK(choose_range("bytes=0-", 0) == unsatisfiable);
    CHECK(choose_range("bytes=99999999999999999999999-", 100) == unsatisfiable);
}

TEST_CASE("range: everything else is ignored") {
    for (std::string const field :
         {"", "bytes", "bytes=", "bytes=-", "bytes=a-b", "bytes=1-a", "bytes=5-4", "bytes=0-1,3-4",
          "bytes=1", "lines=1-2", "bytes=--1", "bytes=+1-2", "=0-1", "byte=0-1", "bytess=0-1",
          "bytes=1 -2"})
        CHECK_MESSAGE(choose_range(field, 100) == whole, field);
}

} // namespace range_test
