#include "workers/egress/request.hpp"

#include <doctest/doctest.h>

#include <string>

namespace continuo::egress::request_test {

Request taken(std::string const& head) {
    auto parsed = parse_request(head);
    REQUIRE(std::holds_alternative<Request>(parsed));
    return std::get<Request>(std::move(parsed));
}

unsigned refused_with(std::string const& head) {
    auto const parsed = parse_request(head);
    auto const* const refusal = std::get_if<Refusal>(&parsed);
    if (refusal == nullptr) return 0;
    CHECK_FALSE(refusal->reason.empty());
    CHECK(refusal->reason.find_first_of("\r\n") == std::string::npos);
    return refusal->status;
}

TEST_CASE("egress request: a URL is asked for by its path, with what is harmless") {
    auto const request = taken("GET http://Films.example:8080/a%20film.mkv?x=1#t HTTP/1.1\r\n"
                               "User-Agent: Lavf/59\r\nAccept: */*\r\nRange: bytes=5-\r\n"
                               "Connection: keep-alive\r\nHost: 127.0.0.1\r\nCookie: a=b\r\n"
                               "Metadata-Flavor: Google\r\nX-aws-ec2-metadata-token: t\r\n"
                               "Authorization: Basic eA==\r\nProxy-Authorization: Basic eA==\r\n"
                               "X-Forwarded-For: 127.0.0.1\r\nUpgrade: x\r\n\r\n");
    CHECK(to_text(request.place) == "films.example:8080");
    CHECK_FALSE(request.is_tunnel);
    CHECK(request.head == "GET /a%20film.mkv?x=1 HTTP/1.1\r\nHost: films.example:8080\r\n"
                          "Accept: */*\r\nRange: bytes=5-\r\nCookie: a=b\r\n"
                          "User-Agent: Lavf/59\r\nConnection: close\r\n\r\n");
}

TEST_CASE("egress request: the gateway is told its password, nobody else is") {
    std::string const head = "GET http://127.0.0.1:8090/film HTTP/1.1\r\n"
                             "Authorization: Basic eA==\r\n\r\n";
    auto const sent_by_door_of = [&](char const* gateway) {
        auto const parsed = parse_request(head, parse_web_place(gateway, http_port).value());
        return std::get<Request>(parsed).head;
    };
    CHECK(sent_by_door_of("127.0.0.1:8090") ==
          "GET /film HTTP/1.1\r\nHost: 127.0.0.1:8090\r\nAuthorization: Basic eA==\r\n"
          "Connection: close\r\n\r\n");
    CHECK(sent_by_door_of("127.0.0.1:8091") ==
          "GET /film HTTP/1.1\r\nHost: 127.0.0.1:8090\r\nConnection: close\r\n\r\n");
}

TEST_CASE("egress request: a URL without path or port has those of its scheme") {
    CHECK(taken("HEAD http://films.example HTTP/1.0\r\n\r\n").head ==
          "HEAD / HTTP/1.1\r\nHost: films.example\r\nConnection: close\r\n\r\n");
    auto const request = taken("GET http://[2600::1]:81?a HTTP/1.1\r\nHost: x\r\n\r\n");
    CHECK(request.head == "GET /?a HTTP/1.1\r\nHost: [2600::1]:81\r\nConnection: close\r\n\r\n");
}

TEST_CASE("egress request: a tunnel is to a host and a port") {
    auto const request = taken("CONNECT films.example:443 HTTP/1.1\r\nHost: x\r\n\r\n");
    CHECK(request.is_tunnel);
    CHECK(request.head.empty());
    CHECK(to_text(request.place) == "films.example:443");
    CHECK(taken("CONNECT [2600::1]:8443 HTTP/1.1\r\n\r\n").place.port == 8443);
}

TEST_CASE("egress request: what is no request of a proxy's client is refused") {
    for (std::string const head :
         {"",
          "\r\n\r\n",
          "GET\r\n\r\n",
          "GET / HTTP/1.1\r\nHost: films.example\r\n\r\n",
          "GET https://films.example/ HTTP/1.1\r\n\r\n",
          "GET ftp://a.example/ HTTP/1.1\r\n\r\n",
          "GET http:///x HTTP/1.1\r\n\r\n",
          "GET http://a@b.example/ HTTP/1.1\r\n\r\n",
          "GET http://127.1/ HTTP/1.1\r\n\r\n",
          "GET http://a.example:x/ HTTP/1.1\r\n\r\n",
          "GET http://a.example/ x HTTP/1.1\r\n\r\n",
          "GET http://a.example/ HTTP/2.0\r\n\r\n",
          "GET http://a.example/\nHost: b HTTP/1.1\r\n\r\n",
          "GET http://a.example/ HTTP/1.1\r\nA b\r\n\r\n",
          "GET http://a.example/ HTTP/1.1\r\nContent-Length: 5\r\n\r\n",
          "GET http://a.example/ HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n",
          "GET http://a.example/ HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n",
          "GET http://a.example/ HTTP/1.1\r\n\r\nGET http://b.example/ HTTP/1.1\r\n\r\n",
          "CONNECT http://a.example/ HTTP/1.1\r\n\r\n",
          "CONNECT / HTTP/1.1\r\n\r\n",
          "CONNECT a.example:0 HTTP/1.1\r\n\r\n",
          "CONNECT 0x7f.1:443 HTTP/1.1\r\n\r\n"}) {
        CAPTURE(head);
        CHECK(refused_with(head) == 400);
    }
    for (std::string const method : {"POST", "PUT", "OPTIONS", "DELETE", "TRACE"})
        CHECK(refused_with(method + " http://a.example/ HTTP/1.1\r\n\r\n") == 405);
    CHECK(refused_with("GET http://a.example/ HTTP/1.1\r\nContent-Length: 0\r\n\r\n") == 0);
    CHECK(refused_with("GET http://a.example/" + std::string(longest_head, 'a') +
                       " HTTP/1.1\r\n\r\n") == 400);
}

TEST_CASE("egress request: a head that breaks off is none") {
    std::string const head = "GET http://films.example/ HTTP/1.1\r\nRange: bytes=0-\r\n\r\n";
    for (std::size_t size = 0; size < head.size(); ++size)
        CHECK(refused_with(head.substr(0, size)) == 400);
}

} // namespace continuo::egress::request_test
