#include "cli/free_port.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <doctest/doctest.h>

using namespace continuo;
using boost::asio::ip::tcp;

TEST_CASE("free port: one that somebody listens on is taken, the next that nobody has is free") {
    boost::asio::io_context context;
    auto const loopback = boost::asio::ip::make_address("127.0.0.1");
    tcp::acceptor other(context, tcp::endpoint(loopback, 0));
    config::Http http;
    http.address = "127.0.0.1";
    http.port = other.local_endpoint().port();
    CHECK(cli::is_taken(http));
    auto const free = cli::next_free_port(http);
    REQUIRE(free.has_value());
    CHECK(*free > http.port);
    http.port = *free;
    CHECK_FALSE(cli::is_taken(http));
}

TEST_CASE("free port: an address that is none of ours is not taken") {
    config::Http http;
    http.address = "192.0.2.1";
    CHECK_FALSE(cli::is_taken(http));
    http.address = "no address";
    CHECK_FALSE(cli::is_taken(http));
}

TEST_CASE("free port: there is none above the last") {
    config::Http http;
    http.address = "127.0.0.1";
    http.port = 65535;
    CHECK(!cli::next_free_port(http));
}
