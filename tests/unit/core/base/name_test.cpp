#include "core/base/name.hpp"

#include <doctest/doctest.h>

#include <string>

namespace continuo::name_test {

TEST_CASE("name: letters, digits, underscore and hyphen, a word character first") {
    for (auto const* const name : {"a", "0", "demo", "720p", "news-2", "a_b", "x-", "9_"}) {
        CAPTURE(name);
        CHECK(is_valid_name(name));
    }
}

TEST_CASE("name: what would mean something in a path, a URL or a log line is refused") {
    for (auto const* const name : {"", "-a", "_source", ".", "..", "a.b", "a/b", "A", "Demo", "a b",
                                   "a\n", "a%2f", "caf\xc3\xa9", "a\"", "a?"}) {
        CAPTURE(name);
        CHECK_FALSE(is_valid_name(name));
    }
    CHECK_FALSE(is_valid_name(std::string_view("a\0b", 3)));
}

TEST_CASE("name: 64 characters and no more") {
    CHECK(is_valid_name(std::string(64, 'a')));
    CHECK_FALSE(is_valid_name(std::string(65, 'a')));
}

TEST_CASE("name: of all bytes 38 may stand within, 36 at the beginning") {
    int first = 0;
    int within = 0;
    for (int byte = 0; byte < 256; ++byte) {
        auto const c = static_cast<char>(byte);
        first += is_valid_name(std::string(1, c)) ? 1 : 0;
        within += is_valid_name(std::string("a") + c) ? 1 : 0;
    }
    CHECK(first == 36);
    CHECK(within == 38);
}

} // namespace continuo::name_test
