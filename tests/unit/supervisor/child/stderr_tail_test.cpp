#include "supervisor/child/stderr_tail.hpp"

#include <doctest/doctest.h>

namespace continuo::child::stderr_tail_test {

using Lines = std::vector<std::string>;

TEST_CASE("stderr tail: lines come out when they are complete") {
    StderrTail tail;
    CHECK(tail.feed("one\ntwo\nthr") == Lines{"one", "two"});
    CHECK(tail.feed("").empty());
    CHECK(tail.feed("ee\n") == Lines{"three"});
    CHECK(tail.last() == "three");
}

TEST_CASE("stderr tail: a carriage return ends a line, empty lines are none") {
    StderrTail tail;
    CHECK(tail.feed("\n\nframe=1\rframe=2\r\n\nend\n") == Lines{"frame=1", "frame=2", "end"});
}

TEST_CASE("stderr tail: however the bytes are cut, the lines are the same") {
    std::string const text = "first\r\nrtmp://u:p@host/app\n[error] broken\n\nlast\n";
    Lines const expected{"first", "rtmp://***@host/app", "[error] broken", "last"};
    for (std::size_t one = 0; one <= text.size(); ++one)
        for (std::size_t two = one; two <= text.size(); ++two) {
            StderrTail tail;
            Lines lines;
            for (auto const& part :
                 {text.substr(0, one), text.substr(one, two - one), text.substr(two)})
                for (auto& line : tail.feed(part))
                    lines.push_back(std::move(line));
            CAPTURE(one);
            CAPTURE(two);
            REQUIRE(lines == expected);
            REQUIRE(tail.last() == "[error] broken");
        }
}

TEST_CASE("stderr tail: a line is cut at its limit, what follows is a line of its own") {
    StderrTail tail;
    auto const lines = tail.feed(std::string(5000, 'x') + "\nnext\n");
    REQUIRE(lines.size() == 2);
    CHECK(lines[0] == std::string(StderrTail::max_line, 'x'));
    CHECK(lines[1] == "next");
}

TEST_CASE("stderr tail: lines are well-formed UTF-8, whatever a child says and where it is cut") {
    StderrTail tail;
    CHECK(tail.feed("404 Not fetched: \xff\nfilm \xc3\xa4\n") ==
          Lines{"404 Not fetched: \uFFFD", "film \u00e4"});
    auto const cut = tail.feed(std::string(StderrTail::max_line - 1, 'x') + "\xc3\xa4\n");
    CHECK(cut == Lines{std::string(StderrTail::max_line - 1, 'x') + "\uFFFD"});
}

TEST_CASE("stderr tail: a URL that is cut in the middle shows no part of its password") {
    for (std::size_t before = StderrTail::max_line - 40; before < StderrTail::max_line; ++before) {
        StderrTail tail;
        auto const lines =
            tail.feed(std::string(before, 'x') + " http://user:hunter2@host/?token=hunter2\n");
        REQUIRE(lines.size() == 1);
        CAPTURE(before);
        CHECK(lines[0].find("hunt") == std::string::npos);
        CHECK(lines[0].find("user") == std::string::npos);
        CHECK(lines[0].size() <= StderrTail::max_line + 3);
        CHECK(lines[0].starts_with(std::string(before, 'x')));
    }
}

TEST_CASE("stderr tail: the newest lines are kept") {
    StderrTail tail;
    for (int i = 0; i < 50; ++i)
        tail.feed("line " + std::to_string(i) + "\n");
    REQUIRE(tail.lines().size() == StderrTail::kept_lines);
    CHECK(tail.lines().front() == "line 30");
    CHECK(tail.lines().back() == "line 49");
}

TEST_CASE("stderr tail: the last words are the newest error, else the newest line, else nothing") {
    StderrTail tail;
    CHECK(tail.last().empty());
    tail.feed("hello\n");
    CHECK(tail.last() == "hello");
    tail.feed("[error] no such stream\n[warning] late\n");
    CHECK(tail.last() == "[error] no such stream");
    tail.feed("[fatal] out of memory\nbye\n");
    CHECK(tail.last() == "[fatal] out of memory");
}

TEST_CASE("stderr tail: an error that is long past is no last word") {
    StderrTail tail;
    tail.feed("[error] of yesterday\n");
    for (std::size_t i = 0; i < StderrTail::kept_lines; ++i)
        tail.feed("all is well\n");
    CHECK(tail.last() == "all is well");
}

TEST_CASE("stderr tail: what has no end of line yet is no line") {
    StderrTail tail;
    CHECK(tail.feed("half").empty());
    CHECK(tail.last().empty());
}

} // namespace continuo::child::stderr_tail_test
