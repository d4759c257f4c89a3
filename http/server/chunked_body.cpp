#include "http/server/chunked_body.hpp"

#include <algorithm>
#include <charconv>

namespace continuo::server {
namespace {

/// Framing that is longer carries nothing that anybody sends us.
constexpr std::size_t longest_framing = 4096; // bytes

bool is_hex_digit(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/// Anything but control characters; a tab is text (RFC 9110 §5.5).
bool is_text(char c) {
    return (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f) || c == '\t';
}

} // namespace

ChunkedBody::Step ChunkedBody::take(std::string_view& bytes, std::string& body) {
    while (!bytes.empty() && expected_ != Expected::nothing) {
        if (expected_ == Expected::data) {
            take_data(bytes, body);
        } else {
            take_framing(bytes.front(), body.size());
            bytes.remove_prefix(1);
        }
    }
    if (refusal_ != 0) return Step::refused;
    return expected_ == Expected::nothing ? Step::complete : Step::need_more;
}

void ChunkedBody::take_data(std::string_view& bytes, std::string& body) {
    auto const data = bytes.substr(0, left_);
    body.append(data);
    bytes.remove_prefix(data.size());
    left_ -= data.size();
    framing_ = 0;
    if (left_ == 0) expected_ = Expected::data_cr;
}

void ChunkedBody::take_framing(char c, std::size_t body_size) {
    if (++framing_ > longest_framing) return refuse(400);
    switch (expected_) {
    case Expected::size: return take_digit(c, body_size);
    case Expected::more_size:
        if (is_hex_digit(c)) return take_digit(c, body_size);
        if (c == ';' || c == ' ' || c == '\t')
            expected_ = Expected::extension;
        else
            expect(c == '\r', Expected::size_lf);
        return;
    case Expected::extension: return take_text(c, Expected::size_lf);
    case Expected::size_lf:
        return expect(c == '\n', left_ > 0 ? Expected::data : Expected::trailer_line);
    case Expected::data_cr: return expect(c == '\r', Expected::data_lf);
    case Expected::data_lf: return expect(c == '\n', Expected::size);
    case Expected::trailer_line:
        expected_ = Expected::trailer_field;
        return take_text(c, Expected::last_lf);
    case Expected::trailer_field: return take_text(c, Expected::trailer_lf);
    case Expected::trailer_lf: return expect(c == '\n', Expected::trailer_line);
    case Expected::last_lf: return expect(c == '\n', Expected::nothing);
    case Expected::data:
    case Expected::nothing: return; // `take` brings no framing here
    }
}

void ChunkedBody::take_digit(char c, std::size_t body_size) {
    std::size_t digit{};
    if (std::from_chars(&c, &c + 1, digit, 16).ec != std::errc{}) return refuse(400);
    left_ = left_ * 16 + digit;
    if (left_ > largest_ - body_size) return refuse(413);
    expected_ = Expected::more_size;
}

/// `c` of a text that is passed over up to its CR.
void ChunkedBody::take_text(char c, Expected after_cr) {
    if (c == '\r')
        expected_ = after_cr;
    else if (!is_text(c))
        refuse(400);
}

void ChunkedBody::expect(bool holds, Expected next) noexcept {
    if (!holds) return refuse(400);
    expected_ = next;
}

void ChunkedBody::refuse(unsigned status) noexcept {
    refusal_ = status;
    expected_ = Expected::nothing;
}

} // namespace continuo::server
