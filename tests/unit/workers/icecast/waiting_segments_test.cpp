#include "workers/icecast/waiting_segments.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace continuo::icecast::waiting_segments_test {

std::vector<std::string> all_of(WaitingSegments& waiting) {
    std::vector<std::string> segments;
    while (auto segment = waiting.take())
        segments.push_back(segment->string());
    return segments;
}

TEST_CASE("waiting segments: a path a line, in order, whatever the chunks") {
    std::string_view const text = "/run/a b/1.ts\n\n/run/2.ts\n/run/3.ts\n/run/unfinished";
    for (std::size_t chunk = 1; chunk <= text.size(); ++chunk) {
        WaitingSegments waiting;
        for (std::size_t at = 0; at < text.size(); at += chunk)
            CHECK(waiting.feed(text.substr(at, chunk)) == 0);
        CHECK(all_of(waiting) ==
              std::vector<std::string>{"/run/a b/1.ts", "/run/2.ts", "/run/3.ts"});
        CHECK(waiting.empty());
    }
}

TEST_CASE("waiting segments: who is behind by more than six goes on with the newest") {
    WaitingSegments waiting;
    CHECK(waiting.feed("1\n2\n3\n4\n5\n6\n") == 0);
    CHECK(waiting.feed("7\n") == 6);
    CHECK(waiting.feed("8\n") == 0);
    CHECK(all_of(waiting) == std::vector<std::string>{"7", "8"});
}

TEST_CASE("waiting segments: a line that is no path of ours is skipped, however long") {
    WaitingSegments waiting;
    for (int i = 0; i < 100; ++i)
        CHECK(waiting.feed(std::string(1000, 'x')) == 0);
    CHECK(waiting.feed("\n/run/1.ts\n") == 0);
    CHECK(all_of(waiting) == std::vector<std::string>{"/run/1.ts"});
}

} // namespace continuo::icecast::waiting_segments_test
