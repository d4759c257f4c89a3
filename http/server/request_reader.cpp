#include "http/server/request_reader.hpp"

#include "http/server/target.hpp"

#include <boost/beast/core/string.hpp>
#include <boost/beast/http/error.hpp>

#include <algorithm>
#include <cstring>
#include <functional>
#include <utility>

namespace continuo::server {

namespace http = boost::beast::http;

namespace {

/// A body needs this much of the buffer beside its header to flow through.
constexpr std::size_t body_window = 512;

std::string_view std_view(boost::beast::string_view text) {
    return {text.data(), text.size()};
}

Method method_of(http::verb verb) {
    if (verb == http::verb::get) return Method::get;
    if (verb == http::verb::head) return Method::head;
    if (verb == http::verb::options) return Method::options;
    if (verb == http::verb::post) return Method::post;
    if (verb == http::verb::delete_) return Method::remove;
    return Method::other;
}

unsigned status_of(boost::beast::error_code code) {
    if (code == http::error::bad_version) return 505;
    if (code == http::error::body_limit) return 413;
    return 400;
}

} // namespace

RequestParser::RequestParser(std::span<char const> bytes) : bytes_(bytes) {
    header_limit(RequestReader::largest_buffer);
    body_limit(RequestReader::largest_body);
}

void RequestParser::refuse(unsigned status, Code& code) {
    refused_with_ = status;
    code = http::error::bad_value;
}

void RequestParser::on_request_impl(Verb method, Text, Text target_text, int version, Code& code) {
    request.method = method_of(method);
    request.is_http_1_1 = version == 11;
    target = std_view(target_text);
    if (target.size() > RequestReader::largest_target) refuse(414, code);
}

void RequestParser::on_field_impl(Field name, Text name_text, Text text, Code& code) {
    auto const value = std_view(text);
    auto const is_inside = [&](char const* place) {
        return std::greater_equal<>{}(place, bytes_.data()) &&
               std::less_equal<>{}(place, bytes_.data() + bytes_.size());
    };
    if (!value.empty() && !is_inside(value.data())) return refuse(400, code); // RFC 9112 §5.2

    switch (name) {
    case Field::host:
        if (++hosts_ > 1) return refuse(400, code);
        request.host = value;
        break;
    case Field::range: request.range = value; break;
    case Field::if_range: request.if_range = value; break;
    case Field::if_none_match: request.if_none_match = value; break;
    case Field::accept_encoding: request.accept_encoding = value; break;
    case Field::authorization: request.authorization = value; break;
    case Field::origin: request.origin = value; break;
    case Field::sec_fetch_site: request.fetch_site = value; break;
    case Field::forwarded:
    case Field::via: request.forwarded = true; break;
    case Field::content_type: request.content_type = value; break;
    case Field::transfer_encoding:
        transfer_coding_ = value;
        ++transfer_codings_;
        break;
    case Field::expect:
        if (!boost::beast::iequals(text, "100-continue")) return refuse(417, code);
        expects_continue = request.is_http_1_1;
        break;
    case Field::unknown:
        if (boost::beast::iequals(name_text, "X-Forwarded-For")) {
            request.forwarded = true;
            request.forwarded_for = value;
        }
        if (boost::beast::iequals(name_text, "X-Forwarded-Proto")) {
            request.forwarded = true;
            request.forwarded_proto = value;
        }
        break;
    default: break;
    }
}

void RequestParser::on_header_impl(Code& code) {
    request.keep_alive = keep_alive();
    if (request.is_http_1_1 && hosts_ == 0) return refuse(400, code); // RFC 9112 §3.2
    if (transfer_codings_ > 0) {
        if (!request.is_http_1_1) return refuse(400, code); // RFC 9112 §6.1: faulty framing
        is_chunked = transfer_codings_ == 1 && boost::beast::iequals(transfer_coding_, "chunked");
        if (!is_chunked) return refuse(501, code);
    }
    auto parsed = server::parse_target(target);
    if (!parsed) return refuse(400, code);
    request.path = std::move(parsed->path);
    request.query = parsed->query;
    if (request.path == "*" && request.method != Method::options) refuse(400, code);
}

std::size_t RequestParser::on_body_impl(Text bytes, Code&) {
    body.append(bytes.data(), bytes.size());
    return bytes.size();
}

RequestReader::RequestReader(bool from_loopback, std::string peer)
    : from_loopback_(from_loopback)
    , peer_(std::move(peer))
    , buffer_(std::make_unique_for_overwrite<char[]>(first_buffer)) {}

std::span<char> RequestReader::space() noexcept {
    return {buffer_.get() + size_, capacity_ - size_};
}

RequestReader::Step RequestReader::next() {
    if (!parser_) {
        skip_empty_lines();
        if (size_ == 0) return Step::need_more;
        restart();
    }
    for (;;) {
        if (header_end_ != 0 && parser_->is_chunked) return next_chunks();
        boost::beast::error_code code;
        auto const fresh = boost::asio::const_buffer(buffer_.get() + parsed_, size_ - parsed_);
        parsed_ += parser_->put(fresh, code);
        if (code && code != http::error::need_more) return refuse_after(code);
        if (parser_->is_done()) return finish();
        if (parser_->is_header_done()) {
            if (header_end_ == 0) {
                // The views stay valid only if the buffer need not grow while the body passes.
                if (capacity_ - parsed_ < body_window) {
                    if (!grow()) return refuse(431);
                    continue;
                }
                header_end_ = parsed_;
            }
            if (parsed_ < size_) continue;
            size_ = parsed_ = header_end_; // what was read of the body is with the parser
            return Step::need_more;
        }
        if (size_ < capacity_) return Step::need_more;
        if (!grow()) return refuse(status_of_full_buffer());
    }
}

RequestReader::Step RequestReader::next_chunks() {
    std::string_view fresh(buffer_.get() + parsed_, size_ - parsed_);
    auto const step = chunks_.take(fresh, parser_->body);
    parsed_ = size_ - fresh.size();
    switch (step) {
    case ChunkedBody::Step::need_more: size_ = parsed_ = header_end_; return Step::need_more;
    case ChunkedBody::Step::complete: return finish();
    case ChunkedBody::Step::refused: break;
    }
    return refuse(chunks_.refusal());
}

/// RFC 9112 §2.2: empty lines before a request line are ignored.
void RequestReader::skip_empty_lines() noexcept {
    auto const* const begin = buffer_.get();
    auto const* const first =
        std::find_if(begin, begin + size_, [](char c) { return c != '\r' && c != '\n'; });
    size_ -= static_cast<std::size_t>(first - begin);
    std::memmove(buffer_.get(), first, size_);
}

RequestReader::Step RequestReader::finish() {
    parser_->request.body = parser_->body;
    return Step::complete;
}

RequestReader::Step RequestReader::refuse(unsigned status) noexcept {
    refusal_ = status;
    return Step::refused;
}

RequestReader::Step RequestReader::refuse_after(boost::beast::error_code code) noexcept {
    if (parser_->refused_with() != 0) return refuse(parser_->refused_with());
    if (code == http::error::header_limit) return refuse(status_of_full_buffer());
    return refuse(status_of(code));
}

bool RequestReader::grow() {
    if (capacity_ == largest_buffer) return false;
    auto larger = std::make_unique_for_overwrite<char[]>(largest_buffer);
    std::memcpy(larger.get(), buffer_.get(), size_);
    buffer_ = std::move(larger);
    capacity_ = largest_buffer;
    restart(); // the parser's views point into the old buffer
    return true;
}

void RequestReader::restart() {
    parsed_ = 0;
    header_end_ = 0;
    parser_.emplace(std::span<char const>(buffer_.get(), capacity_));
    chunks_ = ChunkedBody(largest_body);
    parser_->request.from_loopback = from_loopback_;
    parser_->request.peer = peer_;
}

unsigned RequestReader::status_of_full_buffer() const noexcept {
    bool const has_line = std::memchr(buffer_.get(), '\n', size_) != nullptr;
    return has_line ? 431 : 414;
}

bool RequestReader::take_expect_continue() noexcept {
    return header_end_ != 0 && parser_ && std::exchange(parser_->expects_continue, false);
}

void RequestReader::consume() noexcept {
    parser_.reset();
    header_end_ = 0;
    size_ -= parsed_;
    std::memmove(buffer_.get(), buffer_.get() + parsed_, size_);
    parsed_ = 0;
    if (capacity_ > first_buffer && size_ == 0) {
        // A connection that waits for its next request holds no more than it needs.
        buffer_ = std::make_unique_for_overwrite<char[]>(first_buffer);
        capacity_ = first_buffer;
    }
}

} // namespace continuo::server
