// A connection's bytes -> requests, one after the other: framing, limits, pipelining. Pure; the
// session feeds it.
#pragma once

#include "http/server/chunked_body.hpp"
#include "http/server/request.hpp"

#include <boost/beast/http/basic_parser.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace continuo::server {

/// What Beast's parser has to tell us, kept as views of the header fields that anybody needs.
class RequestParser final : public boost::beast::http::basic_parser<true> {
public:
    /// `bytes`: the whole buffer that the parser is fed from; a value outside of it was unfolded
    /// (obs-fold).
    explicit RequestParser(std::span<char const> bytes);

    Request request;
    std::string_view target;
    std::string body;
    bool expects_continue{false};
    bool is_chunked{false}; ///< the body comes in chunks, which are not for this parser
    /// The status that a header calls for which Beast takes but we do not; 0 when there is none.
    unsigned refused_with() const noexcept { return refused_with_; }

private:
    using Field = boost::beast::http::field;
    using Verb = boost::beast::http::verb;
    using Code = boost::beast::error_code;
    using Text = boost::beast::string_view;

    void on_request_impl(Verb method, Text method_text, Text target_text, int version,
                         Code& code) override;
    void on_field_impl(Field name, Text name_text, Text value, Code& code) override;
    void on_header_impl(Code& code) override;
    std::size_t on_body_impl(Text bytes, Code& code) override;
    void on_response_impl(int, Text, int, Code&) override {}
    void on_body_init_impl(boost::optional<std::uint64_t> const&, Code&) override {}
    void on_chunk_header_impl(std::uint64_t, Text, Code&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, Text, Code&) override { return 0; }
    void on_finish_impl(Code&) override {}

    void refuse(unsigned status, Code& code);

    std::span<char const> bytes_;
    unsigned hosts_{};
    std::string_view transfer_coding_;
    unsigned transfer_codings_{};
    unsigned refused_with_{};
};

/// Lives as long as its connection.
class RequestReader {
public:
    static constexpr std::size_t first_buffer = 4 * 1024;
    static constexpr std::size_t largest_buffer = 16 * 1024;
    static constexpr std::size_t largest_target = 4 * 1024;
    static constexpr std::size_t largest_body = 64 * 1024;

    enum class Step : std::uint8_t {
        need_more, ///< read into `space()`, then `commit()`
        complete,  ///< `request()` is whole; `consume()` when it is answered
        refused,   ///< answer with `refusal()` and close
    };

    /// `peer`: as `Request::peer`.
    explicit RequestReader(bool from_loopback, std::string peer = {});

    /// Goes as far as the bytes allow.
    Step next();

    /// Never empty after `need_more`.
    std::span<char> space() noexcept;
    void commit(std::size_t count) noexcept { size_ += count; }

    Request const& request() const noexcept { return parser_->request; }
    unsigned refusal() const noexcept { return refusal_; }
    /// Whether no byte of a next request is here.
    bool is_idle() const noexcept { return size_ == 0; }
    /// True once for a request whose client waits for "100 Continue" before it sends its body.
    bool take_expect_continue() noexcept;
    /// Forgets the request that was answered; what the client sent after it moves to the front.
    void consume() noexcept;

private:
    void skip_empty_lines() noexcept;
    Step next_chunks();
    Step refuse(unsigned status) noexcept;
    Step refuse_after(boost::beast::error_code code) noexcept;
    Step finish();
    bool grow();
    void restart();
    unsigned status_of_full_buffer() const noexcept;

    bool from_loopback_;
    std::string peer_;
    std::unique_ptr<char[]> buffer_;
    std::size_t capacity_{first_buffer};
    std::size_t size_{};       ///< bytes in the buffer
    std::size_t parsed_{};     ///< of these, consumed by the parser
    std::size_t header_end_{}; ///< 0 until the header is whole; bytes below it stay where they are
    std::optional<RequestParser> parser_;
    ChunkedBody chunks_{largest_body}; ///< of a request whose body comes in chunks
    unsigned refusal_{};
};

} // namespace continuo::server
