#include "core/sse/event_stream.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

namespace continuo::sse::event_stream_test {

using namespace std::chrono_literals;
using namespace std::string_literals;
using namespace std::string_view_literals;
using Events = std::vector<Event>;

Event message(std::string data, std::string id = {}) {
    return {.type = "message", .data = std::move(data), .id = std::move(id)};
}

Events events_of(std::string_view text) {
    EventStream stream;
    return stream.feed(text);
}

struct Row {
    char const* about;
    std::string_view text;
    Events events;
};

// What §9.2.6 of the standard shows or says, a row each.
std::vector<Row> const table{
    {"three lines of data are one event",
     "data: EUR\ndata: +3\ndata: 42\n\n",
     {message("EUR\n+3\n42")}},
    {"comments, ids, and an id that is taken back",
     ": hello\n\ndata: one\nid: 1\n\ndata:two\nid\n\ndata:  three\n\n",
     {message("one", "1"), message("two"), message(" three")}},
    {"a field without colon is one with an empty value",
     "data\n\ndata\ndata\n\ndata:",
     {message(""), message("\n")}},
    {"one space after the colon is left out, no more",
     "data:x\n\ndata: x\n\ndata:  x\n\n",
     {message("x"), message("x"), message(" x")}},
    {"a tab is no space", "data:\tx\n\n", {message("\tx")}},
    {"an event has its type for itself",
     "event: add\ndata: 1\n\ndata: 2\n\n",
     {{.type = "add", .data = "1", .id = {}}, message("2")}},
    {"the last type counts",
     "event: a\nevent: b\ndata: 1\n\n",
     {{.type = "b", .data = "1", .id = {}}}},
    {"an empty type is none", "event: a\nevent:\ndata: 1\n\n", {message("1")}},
    {"no data, no event; and its type is forgotten", "event: add\n\ndata: 1\n\n", {message("1")}},
    {"an id stays until it is changed",
     "id: 7\ndata: a\n\ndata: b\n\nid: 8\ndata: c\n\n",
     {message("a", "7"), message("b", "7"), message("c", "8")}},
    {"an id without data counts as well", "id: 7\n\ndata: a\n\n", {message("a", "7")}},
    {"an id with a NUL is none",
     "id: 1\ndata: a\n\nid: 2\0\ndata: b\n\n"sv,
     {message("a", "1"), message("b", "1")}},
    {"unknown fields have no meaning",
     "retries: 1\nDATA: x\nEvent: y\n data: z\ndata: a\n\n",
     {message("a")}},
    {"a value may have colons",
     "data: {\"head\": \"https://a/b\"}\n\n",
     {message("{\"head\": \"https://a/b\"}")}},
    {"comments may stand within an event", "data: a\n:data: b\n:\ndata: c\n\n", {message("a\nc")}},
    {"lines end in CR", "data: a\rdata: b\r\rdata: c\r\r", {message("a\nb"), message("c")}},
    {"lines end in CRLF",
     "data: a\r\ndata: b\r\n\r\ndata: c\r\n\r\n",
     {message("a\nb"), message("c")}},
    {"lines end as they like",
     "data: a\rdata: b\r\n\ndata: c\n\r",
     {message("a\nb"), message("c")}},
    {"LF CR are two ends of lines", "data: a\n\rdata: b\n\n", {message("a"), message("b")}},
    {"a byte order mark in front is left out",
     "\xEF\xBB\xBF"
     "data: a\n\n",
     {message("a")}},
    {"a second byte order mark is not",
     "\xEF\xBB\xBF\xEF\xBB\xBF"
     "data: a\n\ndata: b\n\n",
     {message("b")}},
    {"nor is one further on",
     "data: a\n\n\xEF\xBB\xBF"
     "data: b\n\n",
     {message("a")}},
    {"a byte order mark alone is an empty line", "\xEF\xBB\xBF\ndata: a\n\n", {message("a")}},
    {"half a byte order mark is the name of a field",
     "\xEF\xBB"
     "data: a\ndata: b\n\n",
     {message("b")}},
    {"what the end cuts off is no event", "data: a\n\ndata: b\n", {message("a")}},
    {"empty lines are nothing", "\n\n\r\n\r\r\n", {}},
    {"a NUL is data like any other", "data: a\0b\n\n"sv, {message("a\0b"s)}},
    {"letters beyond ASCII",
     "event: \xC3\xA9\ndata: \xE2\x82\xAC\nid: \xF0\x9F\x8E\xB5\n\n",
     {{.type = "\xC3\xA9", .data = "\xE2\x82\xAC", .id = "\xF0\x9F\x8E\xB5"}}},
    {"what is no UTF-8 is replaced",
     "event: \xFF\ndata: a\xE2\x82\ndata: b\nid: \xC3\n\n",
     {{.type = "\xEF\xBF\xBD", .data = "a\xEF\xBF\xBD\nb", .id = "\xEF\xBF\xBD"}}},
};

TEST_CASE("event stream: what the standard says of each field and line") {
    for (auto const& row : table) {
        CAPTURE(row.about);
        CHECK(events_of(row.text) == row.events);
    }
}

TEST_CASE("event stream: however the bytes are cut, the events are the same") {
    for (auto const& row : table)
        for (std::size_t one = 0; one <= row.text.size(); ++one)
            for (std::size_t two = one; two <= row.text.size(); ++two) {
                EventStream stream;
                Events events;
                for (auto const part : {row.text.substr(0, one), row.text.substr(one, two - one),
                                        row.text.substr(two)})
                    for (auto& event : stream.feed(part))
                        events.push_back(std::move(event));
                CAPTURE(row.about);
                CAPTURE(one);
                CAPTURE(two);
                REQUIRE(events == row.events);
            }
}

TEST_CASE("event stream: byte by byte, the events are the same") {
    for (auto const& row : table) {
        EventStream stream;
        Events events;
        for (auto const& byte : row.text)
            for (auto& event : stream.feed({&byte, 1}))
                events.push_back(std::move(event));
        CAPTURE(row.about);
        CHECK(events == row.events);
    }
}

TEST_CASE("event stream: cut off anywhere, what is there is the beginning of the same events") {
    for (auto const& row : table)
        for (std::size_t size = 0; size < row.text.size(); ++size) {
            auto const events = events_of(row.text.substr(0, size));
            CAPTURE(row.about);
            CAPTURE(size);
            REQUIRE(events.size() <= row.events.size());
            REQUIRE(std::equal(events.begin(), events.end(), row.events.begin()));
        }
}

TEST_CASE("event stream: an event that ends in CR does not wait for the LF") {
    EventStream stream;
    CHECK(stream.feed("data: a\r\n\r") == Events{message("a")});
    CHECK(stream.feed("\n").empty());
    CHECK(stream.feed("data: b\n\n") == Events{message("b")});
}

TEST_CASE("event stream: the retry time is a number of milliseconds, anything else is none") {
    EventStream stream;
    CHECK_FALSE(stream.retry());
    for (auto const* const text :
         {"retry\n", "retry:\n", "retry: -1\n", "retry: +1\n", "retry: 1s\n", "retry: 1.5\n",
          "retry:  1\n", "retry: 1 \n", "retry: 4294967296\n", "retry: 99999999999999999999\n"}) {
        CAPTURE(text);
        stream.feed(text);
        CHECK_FALSE(stream.retry());
    }
    stream.feed("retry: 2500\n"); // at once: no event need follow
    CHECK(stream.retry() == 2500ms);
    stream.feed("retry: no\n");
    CHECK(stream.retry() == 2500ms);
    stream.feed("retry:0\n");
    CHECK(stream.retry() == 0ms);
}

TEST_CASE("event stream: an id counts when its event is complete") {
    EventStream stream;
    stream.feed("id: 1\ndata: a\n");
    CHECK(stream.last_event_id().empty());
    stream.feed("\n");
    CHECK(stream.last_event_id() == "1");
    stream.feed("id: 2\ndata: b\n");
    stream.begin_response();
    CHECK(stream.last_event_id() == "1");
    CHECK(stream.feed("data: c\n\n") == Events{message("c", "1")});
}

TEST_CASE("event stream: another response begins with a clean line and a byte order mark") {
    for (std::string_view const before : {"", "data: lost", "data: lost\n", "event: lost\n",
                                          "data: lost\r", "\xEF\xBB\xBF", "id: 9\n"}) {
        EventStream stream;
        stream.feed(before);
        stream.begin_response();
        CAPTURE(before);
        CHECK(stream.feed("\xEF\xBB\xBF"
                          "data: a\n\n") == Events{message("a")});
    }
    EventStream stream;
    stream.feed("retry: 7\n");
    stream.begin_response();
    CHECK(stream.retry() == 7ms);
    stream.feed("data: lost\r");
    stream.begin_response();
    CHECK(stream.feed("\ndata: a\n\n") == Events{message("a")}); // no half of a CRLF
}

std::string filled(std::string_view name, std::size_t size) {
    return std::string(name) + std::string(size - name.size(), 'x');
}

TEST_CASE("event stream: a line as long as allowed is read, a longer one leaves its event out") {
    constexpr auto limit = EventStream::max_size;
    EventStream stream;
    auto const longest = stream.feed(filled("data:", limit) + "\n\n");
    REQUIRE(longest.size() == 1);
    CHECK(longest[0].data.size() == limit - 5);
    CHECK(stream.oversized() == 0);

    CHECK(stream.feed("id: 1\ndata: lost\n" + filled("data:", limit + 1) + "\ndata: lost\n\n")
              .empty());
    CHECK(stream.oversized() == 1);
    CHECK(stream.last_event_id() == "1"); // it was there: nobody need send it again
    CHECK(stream.feed("data: next\n\n") == Events{message("next", "1")});
}

TEST_CASE("event stream: all data of an event have a limit, too") {
    constexpr auto limit = EventStream::max_size;
    std::string const line = "data:" + std::string(1023, 'x') + "\n"; // with its LF 1 KiB of data
    EventStream stream;
    for (std::size_t size = 0; size < limit; size += 1024)
        REQUIRE(stream.feed(line).empty());
    auto const largest = stream.feed("\n");
    REQUIRE(largest.size() == 1);
    CHECK(largest[0].data.size() == limit - 1);

    for (std::size_t size = 0; size < limit; size += 1024)
        REQUIRE(stream.feed(line).empty());
    CHECK(stream.oversized() == 0);
    CHECK(stream.feed("data\ndata: lost\n\n").empty());
    CHECK(stream.oversized() == 1);
    CHECK(stream.feed("data: next\n\n") == Events{message("next")});
}

TEST_CASE("event stream: a line without end takes no more memory than allowed, and counts once") {
    EventStream stream;
    std::string const part(64 * 1024, 'x');
    for (int i = 0; i < 100; ++i)
        REQUIRE(stream.feed(part).empty());
    CHECK(stream.oversized() == 1);
    CHECK(stream.feed("\n\ndata: next\n\n") == Events{message("next")});
    stream.feed(filled(":", EventStream::max_size + 1));
    CHECK(stream.oversized() == 2);
    stream.begin_response();
    CHECK(stream.feed("data: a\n\n") == Events{message("a")});
}

TEST_CASE("event stream: a thousand events in one piece") {
    std::string text;
    for (int i = 0; i < 1000; ++i)
        text += "id: " + std::to_string(i) + "\ndata: event " + std::to_string(i) + "\n\n";
    auto const events = events_of(text);
    REQUIRE(events.size() == 1000);
    CHECK(events.front() == message("event 0", "0"));
    CHECK(events.back() == message("event 999", "999"));
}

} // namespace continuo::sse::event_stream_test
