#include "cli/free_port.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <fmt/format.h>

#include <unistd.h>

#include <cstdio>
#include <iostream>
#include <string>

namespace continuo::cli {
namespace {

using boost::asio::ip::tcp;

constexpr unsigned most_tries = 100;

/// Empty: yes, as the capital letter says.
bool is_yes(std::string const& answer) {
    return answer.empty() || answer.front() == 'y' || answer.front() == 'Y';
}

} // namespace

bool is_taken(config::Http const& http) {
    boost::asio::io_context context;
    boost::system::error_code code;
    auto const address = boost::asio::ip::make_address(http.address, code);
    if (code) return false;
    tcp::endpoint const endpoint(address, http.port);
    tcp::acceptor probe(context);
    probe.open(endpoint.protocol(), code);
    if (!code) probe.set_option(tcp::acceptor::reuse_address(true), code);
    if (!code) probe.bind(endpoint, code);
    if (!code) probe.listen(1, code); // two may be bound, only one may listen
    return code == boost::asio::error::address_in_use;
}

std::optional<std::uint16_t> next_free_port(config::Http http) {
    for (unsigned tries = 0; tries < most_tries && http.port != UINT16_MAX; ++tries) {
        ++http.port;
        if (!is_taken(http)) return http.port;
    }
    return std::nullopt;
}

std::optional<std::uint16_t> offer_free_port(config::Http const& http) {
    if (::isatty(STDIN_FILENO) == 0 || ::isatty(STDOUT_FILENO) == 0 || !is_taken(http))
        return std::nullopt;
    auto const port = next_free_port(http);
    if (!port) return std::nullopt;
    fmt::print("Another server has port {}. Use {} instead? [Y/n] ", http.port, *port);
    std::fflush(stdout);
    std::string answer;
    if (!std::getline(std::cin, answer) || !is_yes(answer)) return std::nullopt;
    return port;
}

} // namespace continuo::cli
