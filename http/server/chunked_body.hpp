// A request's body of unknown length: the chunks of a connection's bytes -> the body, and where it
// ends. Pure. Our own, since the parser that reads the header can be brought to an assertion here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace continuo::server {

/// One body; the request reader owns it and feeds it.
/// Spec: RFC 9112 §7.1; chunk extensions and trailer fields are passed over. Lines end with CR LF
/// and nothing else: what others might take for the end of a line is refused.
class ChunkedBody {
public:
    enum class Step : std::uint8_t {
        need_more, ///< all bytes were taken
        complete,  ///< the bytes that are left belong to the next request
        refused,   ///< see `refusal()`; for good
    };

    /// `largest`: bytes of the whole body.
    explicit ChunkedBody(std::size_t largest) : largest_(largest) {}

    /// Takes `bytes` from the front, as far as they belong to the body, and adds what they carry to
    /// `body`.
    Step take(std::string_view& bytes, std::string& body);

    /// 400, or 413 for a body that is too large.
    unsigned refusal() const noexcept { return refusal_; }

private:
    enum class Expected : std::uint8_t {
        size,          ///< the first digit of a chunk's size
        more_size,     ///< further digits, an extension, CR
        extension,     ///< up to CR
        size_lf,       ///< LF
        data,          ///< `left_` bytes
        data_cr,       ///< CR
        data_lf,       ///< LF
        trailer_line,  ///< a field, or the CR of the empty line that ends everything
        trailer_field, ///< up to CR
        trailer_lf,    ///< LF
        last_lf,       ///< LF
        nothing,       ///< complete or refused
    };

    void take_data(std::string_view& bytes, std::string& body);
    void take_framing(char c, std::size_t body_size);
    void take_digit(char c, std::size_t body_size);
    void take_text(char c, Expected after_cr);
    void expect(bool holds, Expected next) noexcept;
    void refuse(unsigned status) noexcept;

    std::size_t largest_;
    Expected expected_{Expected::size};
    std::size_t left_{};    ///< of the chunk
    std::size_t framing_{}; ///< bytes since the last one of data
    unsigned refusal_{};
};

} // namespace continuo::server
