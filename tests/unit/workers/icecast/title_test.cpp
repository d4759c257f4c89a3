#include "workers/icecast/title.hpp"

#include <doctest/doctest.h>

namespace continuo::icecast::title_test {

TEST_CASE("title: control characters and line ends become single blanks") {
    CHECK(title_of("Morning Show\n") == "Morning Show");
    CHECK(title_of("  a \r\n\t b\x7F\x01 c ") == "a b c");
    CHECK(title_of("Ärger – ライブ") == "Ärger – ライブ");
    CHECK(title_of("").empty());
    CHECK(title_of(" \n").empty());
}

TEST_CASE("title: a long one is cut between two characters, not within one") {
    std::string long_title(longest_title - 1, 'x');
    CHECK(title_of(long_title + "é").size() == longest_title - 1);
    CHECK(title_of(long_title + "é!") == long_title);
    CHECK(title_of(long_title + "ab") == long_title + "a");
    CHECK(title_of(long_title + "ライブ") == long_title);
}

TEST_CASE("title request: everything but unreserved characters is percent-encoded") {
    CHECK(title_request("/stream.mp3", "A & B") ==
          "/admin/metadata?mode=updinfo&charset=UTF-8&mount=%2Fstream.mp3&song=A%20%26%20B");
}

} // namespace continuo::icecast::title_test
