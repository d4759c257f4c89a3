#include "http/server/problem.hpp"
#include "http/server/response.hpp"
#include "http/server/stream.hpp"
#include "tests/support/body_text.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <utility>

namespace response_test {

using namespace continuo::server;

constexpr std::string_view date = "Sun, 06 Nov 1994 08:49:37 GMT";

RepresentationPtr const text = represent("0123456789", "text/plain", one_second);

Reply reply_for(Request const& request, bool keep_alive = true) {
    return reply_to(request, answer(text), date, keep_alive);
}

bool has(Reply const& reply, std::string_view line) {
    return reply.head.find(std::string("\r\n").append(line).append("\r\n")) != std::string::npos;
}

std::string sent(Reply const& reply) {
    return reply.body
               ? continuo::test::text_of(*reply.body).substr(reply.bytes.first, reply.bytes.length)
               : "";
}

TEST_CASE("response: a whole text, word for word") {
    auto const reply = reply_for({});
    CHECK(reply.head ==
          "HTTP/1.1 200 OK\r\n"
          "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
          "Content-Type: text/plain\r\n"
          "Cache-Control: max-age=1\r\n"
          "ETag: " +
              text->etag +
              "\r\n"
              "Content-Length: 10\r\n"
              "Accept-Ranges: bytes\r\n"
              "Access-Control-Allow-Origin: *\r\n"
              "Access-Control-Expose-Headers: Content-Length, Content-Range, Date, ETag\r\n"
              "\r\n");
    CHECK(sent(reply) == "0123456789");
}

TEST_CASE("response: what is not for all sites says nothing to them") {
    auto response = answer(text);
    response.is_for_all_sites = false;
    auto const reply = reply_to({}, std::move(response), date, true);
    CHECK(reply.status == 200);
    CHECK(reply.head.find("Access-Control") == std::string::npos);
}

TEST_CASE("response: HEAD has the fields of GET and no content, whatever range it asks for") {
    Request request{.method = Method::head, .range = "bytes=0-1"};
    auto const reply = reply_for(request);
    CHECK(reply.head == reply_for({}).head);
    CHECK(!reply.body);
}

TEST_CASE("response: a range is 206 with its place, one behind the end 416 with the size") {
    auto const part = reply_for({.range = "bytes=2-4"});
    CHECK(part.status == 206);
    CHECK(sent(part) == "234");
    CHECK(has(part, "Content-Length: 3"));
    CHECK(has(part, "Content-Range: bytes 2-4/10"));
    CHECK(has(part, "Content-Type: text/plain"));
    auto const behind = reply_for({.range = "bytes=10-"});
    CHECK(behind.status == 416);
    CHECK(!behind.body);
    CHECK(has(behind, "Content-Length: 0"));
    CHECK(has(behind, "Content-Range: bytes */10"));
    CHECK(has(behind, "Access-Control-Allow-Origin: *"));
}

TEST_CASE("response: nobody keeps a 416 as long as the content") {
    auto const segment = represent("0123456789", "video/mp2t", for_ever);
    auto const reply = reply_to({.range = "bytes=10-"}, answer(segment), date, true);
    CHECK(has(reply, "Cache-Control: no-store"));
    CHECK(reply.head.find("max-age") == std::string::npos);
    CHECK(reply.head.find("ETag: ") == std::string::npos);
}

TEST_CASE("response: 304 carries what caches need and goes before the range") {
    Request request{.range = "bytes=2-4", .if_none_match = text->etag};
    auto const reply = reply_for(request);
    CHECK(reply.status == 304);
    CHECK(!reply.body);
    CHECK(has(reply, "ETag: " + text->etag));
    CHECK(has(reply, "Cache-Control: max-age=1"));
    CHECK(reply.head.find("Content-") == reply.head.find("Content-Length, Content-Range"));
}

TEST_CASE("response: If-Range of another version gives everything") {
    CHECK(reply_for({.range = "bytes=2-4", .if_range = "\"x\""}).status == 200);
    CHECK(reply_for({.range = "bytes=2-4", .if_range = text->etag}).status == 206);
}

TEST_CASE("response: conditions and ranges do not touch errors") {
    Request request{.range = "bytes=0-1", .if_none_match = "*"};
    auto const reply = reply_to(request, problem(404, "There is nothing \"here\"."), date, true);
    CHECK(reply.status == 404);
    CHECK(has(reply, "Content-Type: application/problem+json"));
    CHECK(has(reply, "Cache-Control: max-age=1"));
    CHECK(sent(reply) == "{\"type\":\"about:blank\",\"title\":\"Not Found\",\"status\":404,"
                         "\"detail\":\"There is nothing \\\"here\\\".\"}");
}

TEST_CASE("response: no content says so, 204 says nothing") {
    CHECK(has(reply_to({}, {.status = 200, .content = nullptr, .fields = {}}, date, true),
              "Content-Length: 0"));
    auto const empty =
        reply_to({}, {.status = 204, .content = nullptr, .fields = "Allow: GET\r\n"}, date, true);
    CHECK(empty.head.find("Content-Length:") == std::string::npos);
    CHECK(has(empty, "Allow: GET"));
}

TEST_CASE("response: the connection's fate is said where the version would have it otherwise") {
    CHECK(reply_for({}).head.find("Connection:") == std::string::npos);
    CHECK(has(reply_for({}, /*keep_alive=*/false), "Connection: close"));
    CHECK(has(reply_for({.is_http_1_1 = false}), "Connection: keep-alive"));
}

TEST_CASE("response: a stream has no length and no ranges, but conditions hold") {
    struct Nothing final : Stream {
        boost::asio::awaitable<continuo::Result<Body>> next() override { co_return Body(); }
    };
    auto const stream = std::make_shared<Nothing>();
    auto const reply_for = [&](Request const& request) {
        Response response = answer(text);
        response.stream = stream;
        return reply_to(request, std::move(response), date, true);
    };
    auto const whole = reply_for({.range = "bytes=2-4"});
    CHECK(whole.status == 200);
    CHECK(has(whole, "Transfer-Encoding: chunked"));
    CHECK(has(whole, "Content-Type: text/plain"));
    CHECK(whole.head.find("Content-Length: ") == std::string::npos);
    CHECK(whole.head.find("Accept-Ranges") == std::string::npos);
    CHECK((whole.stream == stream && whole.is_chunked && whole.keep_alive && !whole.body));
    auto const of_head = reply_for({.method = Method::head});
    CHECK(of_head.head == whole.head);
    CHECK(!of_head.stream);
    auto const known = reply_for({.if_none_match = text->etag});
    CHECK(known.status == 304);
    CHECK((!known.stream && !known.is_chunked && known.keep_alive));
    auto const old = reply_for({.is_http_1_1 = false});
    CHECK(has(old, "Connection: close"));
    CHECK((old.stream == stream && !old.is_chunked && !old.keep_alive));
}

TEST_CASE("response: both codings of a document differ in tag and agree in Vary") {
    auto const document = make_document(std::string(1000, 'x'), "text/plain", one_second);
    auto const plain = choose_coding(document, "identity");
    auto const packed = choose_coding(document, "gzip");
    CHECK(plain->body.size_bytes() == 1000);
    CHECK(packed->body.size_bytes() < 100);
    CHECK(plain->etag != packed->etag);
    auto const reply = reply_to({}, answer(packed), date, true);
    CHECK(has(reply, "Content-Encoding: gzip"));
    CHECK(has(reply, "Vary: Accept-Encoding"));
    CHECK(has(reply_to({}, answer(plain), date, true), "Vary: Accept-Encoding"));
    auto const tiny = make_document("x", "text/plain", one_second);
    CHECK(continuo::test::text_of(choose_coding(tiny, "gzip")->body) == "x");
}

TEST_CASE("response: a document on demand is what one would be that is made at once") {
    for (auto const& body : {std::string(1000, 'x'), std::string("x"), std::string()}) {
        auto const whole = make_document(body, "text/plain", one_second);
        DocumentOnDemand document(body, "text/plain", one_second);
        for (auto const* coding : {"identity", "gzip", "gzip;q=0", "gzip"}) {
            auto const& made = document.coding_for(coding);
            auto const& expected = choose_coding(whole, coding);
            CHECK(made->etag == expected->etag);
            CHECK(made->content_fields == expected->content_fields);
            CHECK(made->cache_fields == expected->cache_fields);
            CHECK(continuo::test::text_of(made->body) == continuo::test::text_of(expected->body));
        }
        CHECK(document.coding_for("gzip") == document.coding_for("gzip")); // made once
    }
}

} // namespace response_test
