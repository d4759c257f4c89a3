#include "core/base/crc32.hpp"
#include "tests/support/hex.hpp"

#include <doctest/doctest.h>

namespace crc32_test {

using namespace continuo;

TEST_CASE("CRC-32/MPEG-2: the check value, and zero over its own") {
    CHECK(crc32_mpeg2(test::bytes_of("31 32 33 34 35 36 37 38 39")) == 0x0376E6E7);
    auto const pat = test::bytes_of("00 B0 0D 00 01 C1 00 00 00 01 F0 00 2A B1 04 B2");
    CHECK(crc32_mpeg2(pat) == 0);
}

} // namespace crc32_test
