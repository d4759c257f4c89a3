#include "http/server/chunked_body.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

namespace chunked_body_test {

using continuo::server::ChunkedBody;
using Step = ChunkedBody::Step;

constexpr std::size_t largest = 32;

struct Outcome {
    Step step{};
    std::string body;
    std::string rest; ///< not taken
    unsigned refusal{};

    friend bool operator==(Outcome const&, Outcome const&) = default;
};

/// Feeds `bytes` in pieces of `chunk` until it wants no more.
Outcome take_all(std::string_view bytes, std::size_t chunk) {
    ChunkedBody decoder(largest);
    Outcome outcome{.step = Step::need_more, .body = {}, .rest = {}, .refusal = 0};
    while (!bytes.empty() && outcome.step == Step::need_more) {
        auto piece = bytes.substr(0, chunk);
        auto const size = piece.size();
        outcome.step = decoder.take(piece, outcome.body);
        if (outcome.step == Step::need_more) REQUIRE(piece.empty());
        bytes.remove_prefix(size - piece.size());
    }
    outcome.rest = bytes;
    outcome.refusal = decoder.refusal();
    return outcome;
}

Outcome take_all(std::string_view bytes) {
    return take_all(bytes, bytes.size() + 1);
}

TEST_CASE(
    "chunked body: chunks are joined, extensions and trailers passed over, the rest is left") {
    std::string const bytes = "5\r\nhello\r\n006;a=\"b\" ;c\r\n world\r\n1 \t;x\r\n!\r\n0;last\r\n"
                              "Digest: x\r\nB:\r\n\r\nGET / HTTP/1.1\r\n";
    Outcome const expected{
        .step = Step::complete, .body = "hello world!", .rest = "GET / HTTP/1.1\r\n", .refusal = 0};
    for (std::size_t chunk = 1; chunk <= bytes.size(); ++chunk)
        REQUIRE(take_all(bytes, chunk) == expected);
}

TEST_CASE("chunked body: a truncated one waits for its rest") {
    std::string const bytes = "a;x\r\n0123456789\r\nA\r\n0123456789\r\n0\r\nTrailer: x\r\n\r\n";
    for (std::size_t size = 0; size < bytes.size(); ++size)
        REQUIRE(take_all(std::string_view(bytes).substr(0, size)).step == Step::need_more);
    CHECK(take_all(bytes).body == "01234567890123456789");
}

TEST_CASE("chunked body: at every place, what may stand there and what may not") {
    struct Row {
        std::string_view before;  ///< leads to the place
        std::string_view allowed; ///< each of these goes on there; all other bytes are refused
    };
    std::string text = "\t";
    for (char c = ' '; c != '\x7f'; ++c)
        text += c;
    for (int c = 0x80; c <= 0xff; ++c)
        text += static_cast<char>(c);
    auto const text_or_cr = text + '\r';
    for (auto const& place :
         {Row{"", "0123456789abcdefABCDEF"}, Row{"1", "0123456789abcdefABCDEF; \t\r"},
          Row{"1;", text_or_cr}, Row{"1;x=", text_or_cr}, Row{"1\r", "\n"}, Row{"1\r\nx", "\r"},
          Row{"1\r\nx\r", "\n"}, Row{"1\r\nx\r\n", "0123456789abcdefABCDEF"}, Row{"0\r", "\n"},
          Row{"0\r\n", text_or_cr}, Row{"0\r\nA", text_or_cr}, Row{"0\r\nA: b\r", "\n"},
          Row{"0\r\nA: b\r\n", text_or_cr}, Row{"0\r\n\r", "\n"}})
        for (int c = 0; c <= 0xff; ++c) {
            auto const byte = static_cast<char>(c);
            auto const outcome = take_all(std::string(place.before) + byte);
            bool const goes_on = outcome.refusal == 0 || outcome.refusal == 413;
            REQUIRE_MESSAGE(goes_on == (place.allowed.find(byte) != std::string_view::npos),
                            std::string(place.before) << " and byte " << c);
        }
}

TEST_CASE("chunked body: data may be any bytes") {
    std::string every;
    for (int c = 0; c <= 0xff; ++c)
        every += static_cast<char>(c);
    ChunkedBody decoder(every.size());
    std::string const bytes = "100\r\n" + every + "\r\n0\r\n\r\n";
    std::string_view rest = bytes;
    std::string body;
    CHECK(decoder.take(rest, body) == Step::complete);
    CHECK(body == every);
}

TEST_CASE("chunked body: one that is too large is refused by its sizes, before its data") {
    CHECK(take_all("20\r\n" + std::string(32, 'x') + "\r\n0\r\n\r\n").step == Step::complete);
    CHECK(take_all("21").refusal == 413);
    CHECK(take_all("10\r\n" + std::string(16, 'x') + "\r\n11").refusal == 413);
    CHECK(take_all("ffffffffffffffffffffffff").refusal == 413);
}

TEST_CASE("chunked body: framing without end is refused, framing between data is not added up") {
    CHECK(take_all(std::string(5000, '0')).refusal == 400);
    CHECK(take_all("1;" + std::string(5000, 'x')).refusal == 400);
    CHECK(take_all("0\r\n" + std::string(5000, 'x')).refusal == 400);
    std::string trailers = "0\r\n";
    for (int i = 0; i < 1000; ++i)
        trailers += "A: b\r\n";
    CHECK(take_all(trailers + "\r\n").refusal == 400);
    std::string many;
    for (int i = 0; i < 5; ++i)
        many += "1;" + std::string(3000, 'x') + "\r\ny\r\n";
    CHECK(take_all(many + "0\r\n\r\n").body == "yyyyy");
}

TEST_CASE("chunked body: after the end, good or bad, nothing is taken") {
    ChunkedBody decoder(largest);
    std::string body;
    std::string_view bytes = "0\r\n\r\n";
    CHECK(decoder.take(bytes, body) == Step::complete);
    bytes = "1\r\nx";
    CHECK(decoder.take(bytes, body) == Step::complete);
    CHECK(bytes == "1\r\nx");
    CHECK(body.empty());
    CHECK(take_all("x\r\n").rest == "\r\n");
}

} // namespace chunked_body_test
