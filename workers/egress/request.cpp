#include "workers/egress/request.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>

#include <array>

namespace continuo::egress {
namespace {

namespace http = boost::beast::http;
using Parser = http::request_parser<http::empty_body>;

/// Nothing that a metadata service, or a service of a private network, asks for as a sign of trust.
constexpr std::array passed_on{
    http::field::accept,     http::field::accept_language, http::field::range,
    http::field::if_range,   http::field::cookie,          http::field::referer,
    http::field::user_agent,
};

Refusal refused(unsigned status, std::string reason) {
    return {.status = status, .reason = std::move(reason)};
}

std::variant<Request, Refusal> tunnel(std::string_view target) {
    auto place = parse_web_place(target, https_port);
    if (!place) return refused(400, place.error().context);
    return Request{.place = *std::move(place), .is_tunnel = true};
}

void append_field(std::string& head, Parser const& parser, http::field field) {
    if (auto const found = parser.get().find(field); found != parser.get().end())
        head.append(http::to_string(field)).append(": ").append(found->value()).append("\r\n");
}

std::string head_for_origin(Parser const& parser, WebPlace const& place, std::string_view path,
                            bool is_gateway) {
    auto host = to_text(place);
    if (place.port == http_port) host.resize(host.rfind(':'));
    auto head = std::string(parser.get().method_string()).append(" ");
    if (!path.starts_with('/')) head += '/';
    head.append(path).append(" HTTP/1.1\r\nHost: ").append(host).append("\r\n");
    for (auto const field : passed_on)
        append_field(head, parser, field);
    if (is_gateway) append_field(head, parser, http::field::authorization);
    return head.append("Connection: close\r\n\r\n");
}

std::variant<Request, Refusal> fetch(Parser const& parser, std::string_view target,
                                     std::optional<WebPlace> const& gateway) {
    constexpr std::string_view scheme = "http://";
    if (!target.starts_with(scheme))
        return refused(400, "a proxy is asked for http://..., and by CONNECT for https");
    target.remove_prefix(scheme.size());
    auto const authority = target.substr(0, target.find_first_of("/?#"));
    auto const path = target.substr(authority.size());
    auto place = parse_web_place(authority, http_port);
    if (!place) return refused(400, place.error().context);
    auto head = head_for_origin(parser, *place, path.substr(0, path.find('#')), gateway == *place);
    return Request{.place = *std::move(place), .head = std::move(head)};
}

} // namespace

std::variant<Request, Refusal> parse_request(std::string_view head,
                                             std::optional<WebPlace> const& gateway) {
    Parser parser;
    parser.header_limit(longest_head);
    boost::system::error_code code;
    auto const used = parser.put(boost::asio::buffer(head), code);
    if (code || !parser.is_header_done() || used != head.size())
        return refused(400, "the request is malformed");
    auto const& request = parser.get();
    auto const length = request.find(http::field::content_length);
    auto const has_body = length != request.end() && length->value() != "0";
    if (has_body || request.find(http::field::transfer_encoding) != request.end())
        return refused(400, "a request with a body is not passed on");
    std::string_view const target(request.target().data(), request.target().size());
    switch (request.method()) {
    case http::verb::connect: return tunnel(target);
    case http::verb::get:
    case http::verb::head: return fetch(parser, target, gateway);
    default: return refused(405, "only GET, HEAD and CONNECT are passed on");
    }
}

} // namespace continuo::egress
