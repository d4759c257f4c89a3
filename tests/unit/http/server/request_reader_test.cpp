#include "http/server/request_reader.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

using namespace continuo;
using server::Method;
using server::RequestReader;
using Step = RequestReader::Step;

namespace {

/// What came out of a connection's bytes: one line a request, and the status that ended it.
struct Outcome {
    std::vector<std::string> requests;
    unsigned refusal{};

    friend bool operator==(Outcome const&, Outcome const&) = default;
};

std::string summary(server::Request const& request) {
    constexpr std::string_view methods[] = {"GET", "HEAD", "OPTIONS", "POST", "DELETE", "other"};
    std::string text(methods[static_cast<std::size_t>(request.method)]);
    for (auto const part : {std::string_view(request.path), request.query, request.host,
                            request.range, request.if_none_match, request.body})
        text.append(" ").append(part);
    return text + (request.keep_alive ? " keep" : " close");
}

/// Feeds `bytes` in pieces of `chunk`, answering at once.
Outcome read_all(std::string_view bytes, std::size_t chunk) {
    RequestReader reader(/*from_loopback=*/false);
    Outcome outcome;
    for (;;) {
        switch (reader.next()) {
        case Step::complete:
            outcome.requests.push_back(summary(reader.request()));
            reader.consume();
            break;
        case Step::refused: outcome.refusal = reader.refusal(); return outcome;
        case Step::need_more: {
            if (bytes.empty()) return outcome;
            auto const space = reader.space();
            REQUIRE(!space.empty());
            auto const size = std::min({chunk, bytes.size(), space.size()});
            std::copy_n(bytes.begin(), size, space.begin());
            reader.commit(size);
            bytes.remove_prefix(size);
        }
        }
    }
}

unsigned refusal_of(std::string const& bytes) {
    auto const at_once = read_all(bytes, 100'000);
    CHECK(read_all(bytes, 1) == at_once);
    CHECK(at_once.requests.empty());
    return at_once.refusal;
}

std::string const get = "GET /a HTTP/1.1\r\nHost: h\r\n\r\n";

} // namespace

TEST_CASE("request reader: every chunking of a pipeline gives the same requests") {
    std::string const bytes =
        "GET /live/demo/720p/index.m3u8?x=1 HTTP/1.1\r\nHost: example.com\r\nRange: bytes=0-1\r\n"
        "If-None-Match: \"a\"\r\nUser-Agent: test\r\n\r\n"
        "\r\n\r\nHEAD / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"
        "POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 11\r\n\r\nhello world"
        "DELETE /y HTTP/1.1\r\nHost: h\r\n\r\n"
        "PUT /z HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";
    Outcome const expected{
        .requests = {"GET /live/demo/720p/index.m3u8 x=1 example.com bytes=0-1 \"a\"  keep",
                     "HEAD /      keep", "POST /x  h   hello world keep", "DELETE /y  h    keep",
                     "other /z  h    close"},
        .refusal = 0};
    for (std::size_t chunk = 1; chunk <= bytes.size(); ++chunk)
        REQUIRE(read_all(bytes, chunk) == expected);
}

TEST_CASE("request reader: a body in chunks, in any chunking of the connection") {
    std::string const bytes = "POST /x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: Chunked\r\n\r\n"
                              "5;x=y\r\nhello\r\n6\r\n world\r\n0\r\nHost: other\r\n\r\n" +
                              get +
                              "GET /c HTTP/1.1\r\nTransfer-Encoding: chunked\r\nHost: h\r\n\r\n" +
                              "0\r\n\r\n" + get;
    Outcome const expected{.requests = {"POST /x  h   hello world keep", "GET /a  h    keep",
                                        "GET /c  h    keep", "GET /a  h    keep"},
                           .refusal = 0};
    for (std::size_t chunk = 1; chunk <= bytes.size(); ++chunk)
        REQUIRE(read_all(bytes, chunk) == expected);
}

TEST_CASE("request reader: a body in chunks up to the limit, behind a header of any length") {
    std::string const data(RequestReader::largest_body / 2, 'b');
    auto const body = "8000\r\n" + data + "\r\n8000\r\n" + data + "\r\n0\r\n\r\n";
    for (std::size_t const pad : {0u, 3500u, 4000u, 9000u}) {
        auto const bytes = "POST /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nX: " +
                           std::string(pad, 'x') + "\r\n\r\n" + body + get;
        for (std::size_t const chunk : {1u, 999u, 4096u, 200'000u}) {
            auto const outcome = read_all(bytes, chunk);
            REQUIRE(outcome.requests.size() == 2);
            CHECK(outcome.requests[0] == "POST /a  h   " + data + data + " keep");
        }
    }
}

TEST_CASE("request reader: a truncated request waits for its rest") {
    std::string const bytes =
        "POST /x HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\nabc";
    for (std::size_t size = 0; size < bytes.size(); ++size)
        REQUIRE(read_all(bytes.substr(0, size), 7) == Outcome{});
}

TEST_CASE("request reader: a header may grow beyond the first buffer, in any chunking") {
    std::string const bytes = "GET /a HTTP/1.1\r\nHost: h\r\nRange: bytes=1-2\r\nX: " +
                              std::string(RequestReader::first_buffer, 'x') + "\r\n\r\n" + get;
    Outcome const expected{.requests = {"GET /a  h bytes=1-2   keep", "GET /a  h    keep"},
                           .refusal = 0};
    for (std::size_t const chunk : {1u, 7u, 1000u, 4095u, 4096u, 5000u, 50'000u})
        CHECK(read_all(bytes, chunk) == expected);
}

TEST_CASE("request reader: a header that just fits the first buffer leaves no room for its body") {
    for (std::size_t pad = 3000; pad < RequestReader::first_buffer; ++pad) {
        std::string const bytes =
            "POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nX: " + std::string(pad, 'x') +
            "\r\n\r\nhello" + get;
        auto const outcome = read_all(bytes, 4096);
        REQUIRE(outcome.requests.size() == 2);
        REQUIRE(outcome.requests[0] == "POST /a  h   hello keep");
    }
}

TEST_CASE("request reader: a body up to the limit, in any chunking") {
    std::string const body(RequestReader::largest_body, 'b');
    auto const bytes = "POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 65536\r\n\r\n" + body + get;
    for (std::size_t const chunk : {1u, 999u, 4096u, 200'000u}) {
        auto const outcome = read_all(bytes, chunk);
        REQUIRE(outcome.requests.size() == 2);
        CHECK(outcome.requests[0] == "POST /a  h   " + body + " keep");
    }
}

TEST_CASE("request reader: what is too large is refused with its own status") {
    auto const long_text = std::string(RequestReader::largest_buffer, 'a');
    CHECK(refusal_of("GET /" + std::string(RequestReader::largest_target, 'a') +
                     " HTTP/1.1\r\nHost: h\r\n\r\n") == 414);
    CHECK(refusal_of("GET /" + long_text) == 414);
    CHECK(refusal_of("GET / HTTP/1.1\r\nHost: h\r\nX: " + long_text) == 431);
    CHECK(refusal_of("GET / HTTP/1.1\r\n" + std::string(long_text + "\r\n\r\n")) == 431);
    CHECK(refusal_of("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 65537\r\n\r\n") == 413);
    CHECK(refusal_of("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n10001\r\n") ==
          413);
}

TEST_CASE("request reader: what could be taken for another request is refused") {
    std::string const post = "POST / HTTP/1.1\r\nHost: h\r\n";
    CHECK(refusal_of(post + "Content-Length: 1\r\nContent-Length: 2\r\n\r\n") == 400);
    CHECK(refusal_of(post + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n") == 400);
    CHECK(refusal_of(post + "Transfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n") == 400);
    CHECK(refusal_of(post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n") ==
          400);
    CHECK(refusal_of(post + "Transfer-Encoding: gzip, chunked\r\n\r\n") == 501);
    CHECK(refusal_of(post + "Transfer-Encoding: \r\n\r\n") == 501);
    CHECK(refusal_of(post + "Transfer-Encoding: chunked\r\n\r\n5\nhello\n0\n\n") == 400);
    CHECK(refusal_of(post + "Transfer-Encoding: chunked\r\n\r\n-1\r\n") == 400);
    CHECK(refusal_of(post + "Transfer-Encoding: chunked, gzip\r\n\r\n") == 501);
    CHECK(refusal_of(post + "Transfer-Encoding: gzip\r\n\r\n") == 501);
    CHECK(refusal_of("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n") == 400);
    CHECK(refusal_of(post + "Content-Length: -1\r\n\r\n") == 400);
    CHECK(refusal_of(post + "Content-Length: 1x\r\n\r\n") == 400);
    CHECK(refusal_of("GET / HTTP/1.1\r\nHost: h\r\nRange: bytes=\r\n 0-1\r\n\r\n") == 400);
    CHECK(refusal_of("GET / HTTP/1.1\nHost: h\n\n" + std::string(100, 'x') + "\r\n\r\n") != 0);
    CHECK(refusal_of("GET / HTTP/1.1\r\nHost : h\r\n\r\n") == 400);
}

TEST_CASE("request reader: what is no HTTP/1 is refused") {
    CHECK(refusal_of("nonsense\r\n\r\n") == 400);
    CHECK(refusal_of("GET  / HTTP/1.1\r\nHost: h\r\n\r\n") == 400);
    CHECK(refusal_of("GET / HTTP/1.1\r\n\r\n") == 400);
    CHECK(refusal_of("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n") == 400);
    CHECK(refusal_of("GET /../x HTTP/1.1\r\nHost: h\r\n\r\n") == 400);
    CHECK(refusal_of("GET * HTTP/1.1\r\nHost: h\r\n\r\n") == 400);
    CHECK(refusal_of("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n") == 505);
    CHECK(refusal_of("GET / HTTP/1.1\r\nHost: h\r\nExpect: miracles\r\n\r\n") == 417);
}

TEST_CASE("request reader: a client waiting for 100 Continue is seen once, before its body") {
    RequestReader reader(/*from_loopback=*/true);
    std::string_view const head =
        "POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-Continue\r\nContent-Length: 1\r\n\r\n";
    std::copy(head.begin(), head.end(), reader.space().begin());
    reader.commit(head.size());
    CHECK(!reader.take_expect_continue());
    CHECK(reader.next() == Step::need_more);
    CHECK(reader.take_expect_continue());
    CHECK(!reader.take_expect_continue());
    reader.space()[0] = 'x';
    reader.commit(1);
    CHECK(reader.next() == Step::complete);
    CHECK(reader.request().body == "x");
    CHECK(reader.request().from_loopback);
}

TEST_CASE("request reader: it is known whose page asks") {
    RequestReader reader(/*from_loopback=*/false);
    std::string_view const bytes = "GET / HTTP/1.1\r\nHost: h\r\nOrigin: http://o\r\n"
                                   "sec-fetch-site: cross-site\r\n\r\n";
    std::copy(bytes.begin(), bytes.end(), reader.space().begin());
    reader.commit(bytes.size());
    REQUIRE(reader.next() == Step::complete);
    CHECK(reader.request().origin == "http://o");
    CHECK(reader.request().fetch_site == "cross-site");
}

TEST_CASE("request reader: proxies are noticed under each of their names") {
    for (std::string const field : {"Forwarded: for=x", "Via: 1.1 x", "X-Forwarded-For: 1.2.3.4",
                                    "X-Forwarded-Proto: https"}) {
        RequestReader reader(/*from_loopback=*/true);
        auto const bytes = "GET / HTTP/1.1\r\nHost: h\r\n" + field + "\r\n\r\n";
        std::copy(bytes.begin(), bytes.end(), reader.space().begin());
        reader.commit(bytes.size());
        REQUIRE(reader.next() == Step::complete);
        CHECK(reader.request().forwarded);
        CHECK((reader.request().forwarded_proto == "https") == field.ends_with("https"));
        CHECK((reader.request().forwarded_for == "1.2.3.4") == field.ends_with("1.2.3.4"));
    }
}
