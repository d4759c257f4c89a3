#include "core/base/percent.hpp"

#include <doctest/doctest.h>

namespace continuo::percent_test {

TEST_CASE("percent: everything but unreserved characters is encoded") {
    CHECK(percent_encoded("aZ09-._~") == "aZ09-._~");
    CHECK(percent_encoded("a b&c=d%/+?#'") == "a%20b%26c%3Dd%25%2F%2B%3F%23%27");
    CHECK(percent_encoded("Ä") == "%C3%84");
}

TEST_CASE("percent: what else is kept, the caller says") {
    auto const is_of_a_path = [](char c) noexcept { return c == '/' || is_unreserved(c); };
    CHECK(percent_encoded("/a b", is_of_a_path) == "/a%20b");
}

TEST_CASE("percent: every byte comes back") {
    std::string bytes;
    for (int i = 0; i < 256; ++i)
        bytes += static_cast<char>(i);
    CHECK(percent_decoded(percent_encoded(bytes)) == bytes);
}

TEST_CASE("percent: an escape that is none stays as it is written") {
    CHECK(percent_decoded("%c3%84%") == "Ä%");
    CHECK(percent_decoded("100%, %4, %g0, %0x41") == "100%, %4, %g0, %0x41");
    CHECK(percent_decoded("%4") == "%4");
    CHECK(percent_decoded("").empty());
}

} // namespace continuo::percent_test
