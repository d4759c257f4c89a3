#include "http/server/gzip.hpp"

#include <doctest/doctest.h>

#include <zlib.h>

#include <string>

namespace gzip_test {

using namespace continuo::server;

std::string gunzip(std::string data, std::size_t size) {
    std::string text(size, '\0');
    z_stream stream{};
    REQUIRE(inflateInit2(&stream, 16 + MAX_WBITS) == Z_OK);
    stream.next_in = reinterpret_cast<Bytef*>(data.data());
    stream.avail_in = static_cast<uInt>(data.size());
    stream.next_out = reinterpret_cast<Bytef*>(text.data());
    stream.avail_out = static_cast<uInt>(text.size());
    CHECK(inflate(&stream, Z_FINISH) == Z_STREAM_END);
    CHECK(stream.total_out == size);
    inflateEnd(&stream);
    return text;
}

TEST_CASE("gzip: unpacks to the same text, and packs the same text the same way") {
    std::string text;
    for (int i = 0; i < 1000; ++i)
        text += "segment " + std::to_string(i) + '\n';
    auto const packed = gzip(text);
    CHECK(packed.size() < text.size() / 2);
    CHECK(gunzip(packed, text.size()) == text);
    CHECK(gzip(text) == packed);
    CHECK(gunzip(gzip(""), 0).empty());
}

TEST_CASE("gzip: is used where the client names it, or anything") {
    for (std::string const field :
         {"gzip", "deflate, gzip", "GZIP", "gzip;q=0.5", "br;q=1.0, gzip;q=0.8", "*",
          "identity, *;q=0.1", "x-gzip", "gzip;q=1", "*;q=0, gzip"})
        CHECK_MESSAGE(accepts_gzip(field), field);
    for (std::string const field : {"", "identity", "br", "gzip;q=0", "gzip; q=0.000", "*;q=0",
                                    "gzipped", "*, gzip;q=0", ",", "deflate"})
        CHECK_MESSAGE(!accepts_gzip(field), field);
}

} // namespace gzip_test
