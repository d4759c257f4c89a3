#include "http/server/response.hpp"

#include "http/server/conditional.hpp"

#include <fmt/format.h>

#include <iterator>
#include <utility>

namespace continuo::server {
namespace {

// hls-dash-rules 34: players of other sites may read us, whatever the status.
constexpr std::string_view cors_fields =
    "Access-Control-Allow-Origin: *\r\n"
    "Access-Control-Expose-Headers: Content-Length, Content-Range, Date, ETag\r\n";

std::string_view connection_field(Request const& request, bool keep_alive) {
    if (!keep_alive) return "Connection: close\r\n";
    return request.is_http_1_1 ? "" : "Connection: keep-alive\r\n";
}

/// What of a response goes out.
struct Selection {
    unsigned status{};
    ByteRange bytes;
    std::string length_fields;
    bool has_content{true}; ///< else only its header lines
};

Selection select_everything(Response const& response) {
    if (!response.content) {
        return {.status = response.status,
                .bytes = {},
                .length_fields = response.status == 204 ? "" : "Content-Length: 0\r\n",
                .has_content = false};
    }
    auto const size = response.content->body.size_bytes();
    return {.status = response.status,
            .bytes = {.first = 0, .length = size},
            .length_fields = fmt::format("Content-Length: {}\r\n", size)};
}

/// RFC 9112 §6.1: who speaks 1.0 knows no chunks.
Selection select_stream(Request const& request, Response const& response) {
    return {.status = response.status,
            .bytes = {},
            .length_fields = request.is_http_1_1 ? "Transfer-Encoding: chunked\r\n" : "",
            .has_content = response.content != nullptr};
}

Selection select_range(Response const& response, ByteRange part) {
    return {.status = 206,
            .bytes = part,
            .length_fields = fmt::format("Content-Length: {}\r\nContent-Range: bytes {}-{}/{}\r\n",
                                         part.length, part.first, part.first + part.length - 1,
                                         response.content->body.size_bytes())};
}

Selection select_nothing(unsigned status, std::string length_fields) {
    return {.status = status,
            .bytes = {},
            .length_fields = std::move(length_fields),
            .has_content = false};
}

/// What caches are told: of the content, but for an answer that is none of its.
std::string_view cache_fields_of(unsigned status, RepresentationPtr const& content) {
    if (status == 416) return "Cache-Control: no-store\r\n";
    return content ? std::string_view(content->cache_fields) : "";
}

/// Conditions first, then ranges; both concern only what would be a 200 (RFC 9110 §13.2.2).
Selection select(Request const& request, Response const& response) {
    bool const is_get = request.method == Method::get;
    bool const is_plain =
        response.status == 200 && response.content && (is_get || request.method == Method::head);
    if (is_plain && none_match_hits(request.if_none_match, response.content->etag))
        return select_nothing(304, {});
    if (response.stream) return select_stream(request, response);
    if (!is_plain) return select_everything(response);

    auto const& content = *response.content;
    if (is_get && if_range_holds(request.if_range, content.etag)) {
        auto const size = content.body.size_bytes();
        auto const range = choose_range(request.range, size);
        if (auto const* part = std::get_if<ByteRange>(&range)) return select_range(response, *part);
        if (std::holds_alternative<NotSatisfiable>(range))
            return select_nothing(
                416, fmt::format("Content-Length: 0\r\nContent-Range: bytes */{}\r\n", size));
    }
    auto selection = select_everything(response);
    selection.length_fields += "Accept-Ranges: bytes\r\n";
    return selection;
}

} // namespace

std::string_view reason_of(unsigned status) noexcept {
    switch (status) {
    case 200: return "OK";
    case 201: return "Created";
    case 202: return "Accepted";
    case 204: return "No Content";
    case 206: return "Partial Content";
    case 304: return "Not Modified";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 410: return "Gone";
    case 413: return "Content Too Large";
    case 414: return "URI Too Long";
    case 415: return "Unsupported Media Type";
    case 416: return "Range Not Satisfiable";
    case 417: return "Expectation Failed";
    case 425: return "Too Early";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 502: return "Bad Gateway";
    case 503: return "Service Unavailable";
    case 504: return "Gateway Timeout";
    case 505: return "HTTP Version Not Supported";
    default: return "";
    }
}

Response answer(RepresentationPtr content) {
    return {.status = 200, .content = std::move(content), .fields = {}};
}

Reply reply_to(Request const& request, Response response, std::string_view date, bool keep_alive) {
    auto const selection = select(request, response);
    auto const* const content = response.content.get();
    bool const is_streamed = response.stream && selection.status == response.status;
    Reply reply{.status = selection.status,
                .head = {},
                .body = nullptr,
                .bytes = {},
                .stream = nullptr,
                .is_chunked = is_streamed && request.is_http_1_1,
                .keep_alive = keep_alive && (!is_streamed || request.is_http_1_1)};
    fmt::format_to(std::back_inserter(reply.head), "HTTP/1.1 {} {}\r\nDate: {}\r\n{}{}{}{}{}{}\r\n",
                   selection.status, reason_of(selection.status), date,
                   selection.has_content ? std::string_view(content->content_fields) : "",
                   cache_fields_of(selection.status, response.content), selection.length_fields,
                   response.fields, response.is_for_all_sites ? cors_fields : "",
                   connection_field(request, reply.keep_alive));
    if (request.method == Method::head) return reply;
    if (is_streamed) {
        reply.stream = std::move(response.stream);
    } else if (selection.has_content) {
        reply.body = std::shared_ptr<Body const>(std::move(response.content), &content->body);
        reply.bytes = selection.bytes;
    }
    return reply;
}

} // namespace continuo::server
