#include "supervisor/segment/run_reader.hpp"

#include <doctest/doctest.h>

#include <set>

namespace continuo::segment::line_queue_test {

using Names = std::vector<std::string>;

std::string line(std::uint64_t index) {
    contract::SegmentLine result;
    result.name = contract::segment_file_name(index);
    result.start = Ticks90k{std::chrono::seconds{4 * static_cast<std::int64_t>(index)}};
    result.duration = std::chrono::seconds{4};
    return contract::encode(result) + '\n';
}

/// Names of the lines that are ready when the files of `indices` are there.
Names take(LineQueue& queue, std::set<std::uint64_t> const& indices) {
    std::set<std::string> files;
    for (auto const index : indices)
        files.insert(contract::segment_file_name(index));
    Names names;
    for (auto const& ready :
         queue.take_ready([&](std::string const& name) { return files.contains(name); }))
        names.push_back(ready.name);
    return names;
}

TEST_CASE("line queue: a line is ready when its file is there") {
    LineQueue queue;
    queue.feed(line(0));
    CHECK(take(queue, {}).empty());
    CHECK(take(queue, {0}) == Names{"000000.ts"});
    CHECK(take(queue, {0}).empty());
}

TEST_CASE("line queue: the lines come in order, each once") {
    LineQueue queue;
    queue.feed(line(0) + line(1) + line(2));
    CHECK(take(queue, {0, 1}) == Names{"000000.ts", "000001.ts"});
    queue.feed(line(3));
    CHECK(take(queue, {0, 1, 2, 3}) == Names{"000002.ts", "000003.ts"});
}

TEST_CASE("line queue: a line without its file is dropped once a later file is there") {
    LineQueue queue;
    queue.feed(line(0) + line(1) + line(2) + line(3));
    CHECK(take(queue, {2}) == Names{"000002.ts"});
    // Its file comes too late: it was known never to come.
    CHECK(take(queue, {0, 1, 2}).empty());
    CHECK(take(queue, {3}) == Names{"000003.ts"});
}

TEST_CASE("line queue: what can't be read is dropped and counted") {
    LineQueue queue;
    queue.feed("\n{}\nno json\n" + line(0) + "{\"name\":\"../x.ts\"}\n");
    CHECK(queue.malformed() == 4);
    CHECK(take(queue, {0}) == Names{"000000.ts"});
}

TEST_CASE("line queue: a line that was torn by a crash is nothing yet") {
    LineQueue queue;
    auto const whole = line(0);
    for (std::size_t length = 0; length < whole.size(); ++length) {
        LineQueue torn;
        torn.feed(std::string_view(whole).substr(0, length));
        CAPTURE(length);
        REQUIRE(take(torn, {0}).empty());
        REQUIRE(torn.malformed() == 0);
    }
}

TEST_CASE("line queue: however the bytes are cut, the lines are the same") {
    auto const text = line(0) + "broken\n" + line(1);
    for (std::size_t one = 0; one <= text.size(); ++one) {
        LineQueue queue;
        queue.feed(std::string_view(text).substr(0, one));
        queue.feed(std::string_view(text).substr(one));
        CAPTURE(one);
        REQUIRE(take(queue, {0, 1}) == Names{"000000.ts", "000001.ts"});
        REQUIRE(queue.malformed() == 1);
    }
    LineQueue queue;
    for (char const c : text)
        queue.feed(std::string_view(&c, 1));
    CHECK(take(queue, {0, 1}) == Names{"000000.ts", "000001.ts"});
}

} // namespace continuo::segment::line_queue_test
