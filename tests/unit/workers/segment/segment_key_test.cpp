#include "core/base/binary_text.hpp"
#include "workers/segment/segment_key.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <span>
#include <string>
#include <string_view>

namespace segment_key_test {

using namespace continuo;
using namespace continuo::segment;

hls::MediaSegment segment_with(std::vector<hls::MediaKey> keys) {
    hls::MediaSegment segment;
    segment.keys = std::move(keys);
    return segment;
}

Block block_of(std::string_view hex) {
    Block block{};
    std::ranges::copy(bytes_of_hex(hex).value(), block.begin());
    return block;
}

/// NIST SP 800-38A, F.2.1 (CBC-AES128.Encrypt), then its padding: made by openssl enc -aes-128-cbc.
constexpr std::string_view nist_key = "2b7e151628aed2a6abf7158809cf4f3c";
constexpr std::string_view nist_iv = "000102030405060708090a0b0c0d0e0f";
constexpr std::string_view nist_plain =
    "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
    "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710";
constexpr std::string_view nist_cipher =
    "7649abac8119b246cee98e9b12e9197d5086cb9b507219ee95db113a917678b2"
    "73bed6b8e3c1743b7116e69e222295163ff1caa1681fac09120eca307586e1a7"
    "8cb82807230e1321d3fae00d18cc2012";

TEST_CASE("segment key: none, one with an IV, and one whose IV is the segment's number") {
    CHECK(key_of(segment_with({}), 7).value() == std::nullopt);

    auto const given =
        key_of(segment_with({{.attributes = "METHOD=AES-128,URI=\"a,b.key\",IV=0x00ff"}}), 7);
    REQUIRE(given.has_value());
    CHECK((*given)->uri == "a,b.key");
    CHECK((*given)->iv == block_of("000000000000000000000000000000ff"));

    auto const numbered =
        key_of(segment_with({{.attributes = "METHOD=AES-128,URI=\"k\""}}), 0x0102030405060708);
    REQUIRE(numbered.has_value());
    CHECK((*numbered)->iv == block_of("00000000000000000102030405060708"));
}

TEST_CASE("segment key: of several formats the one that needs no licence counts") {
    auto const key = key_of(
        segment_with(
            {{.format = "com.apple.streamingkeydelivery",
              .attributes = "METHOD=SAMPLE-AES,URI=\"skd://x\""},
             {.attributes = "METHOD=AES-128,URI=\"k\",IV=0XABCDEF0123456789ABCDEF0123456789"}}),
        0);
    REQUIRE(key.has_value());
    CHECK((*key)->uri == "k");
    CHECK((*key)->iv == block_of("abcdef0123456789abcdef0123456789"));
}

TEST_CASE("segment key: what is refused says why") {
    struct Row {
        hls::MediaKey key;
        std::string reason;
        Errc code;
    };
    Row const rows[] = {
        {{.attributes = "METHOD=SAMPLE-AES,URI=\"k\""},
         "its segments are encrypted: METHOD SAMPLE-AES, KEYFORMAT identity",
         Errc::unsupported},
        {{.format = "com.widevine", .attributes = "METHOD=AES-128,URI=\"k\""},
         "its segments are encrypted: METHOD AES-128, KEYFORMAT com.widevine",
         Errc::unsupported},
        {{.attributes = "METHOD=AES-128"}, "a key without a URI", Errc::malformed},
        {{.attributes = "METHOD=AES-128,URI=\"k\",IV=12"}, "the IV of a key", Errc::malformed},
        {{.attributes = "METHOD=AES-128,URI=\"k\",IV=0x0g"}, "the IV of a key", Errc::malformed},
        {{.attributes = "METHOD=AES-128,URI=\"k\",IV=0x1" + std::string(32, '0')},
         "the IV of a key",
         Errc::malformed},
    };
    for (auto const& row : rows) {
        CAPTURE(row.key.attributes);
        auto const key = key_of(segment_with({row.key}), 1);
        REQUIRE_FALSE(key.has_value());
        CHECK(key.error().context == row.reason);
        CHECK(key.error().code == row.code);
    }
}

TEST_CASE("segment decryptor: in any chunks, and every truncation is noticed") {
    auto const cipher = bytes_of_hex(nist_cipher).value();
    auto const plain = bytes_of_hex(nist_plain).value();
    for (std::size_t chunk = 1; chunk <= cipher.size(); ++chunk) {
        SegmentDecryptor decryptor(block_of(nist_key), block_of(nist_iv));
        std::vector<std::uint8_t> out;
        auto rest = std::span<std::uint8_t const>(cipher);
        while (!rest.empty()) {
            auto const part = rest.first(std::min(chunk, rest.size()));
            rest = rest.subspan(part.size());
            CHECK(decryptor.take(part, /*is_all=*/false, out));
        }
        CHECK(decryptor.take({}, /*is_all=*/true, out));
        REQUIRE(out == plain);
    }
    for (std::size_t size = 0; size < cipher.size(); ++size) {
        CAPTURE(size);
        SegmentDecryptor decryptor(block_of(nist_key), block_of(nist_iv));
        std::vector<std::uint8_t> out;
        CHECK_FALSE(decryptor.take(std::span(cipher).first(size), /*is_all=*/true, out));
        REQUIRE(out.size() <= size);
        CHECK(std::equal(out.begin(), out.end(), plain.begin()));
    }
}

TEST_CASE("segment decryptor: another key does not fit") {
    auto const cipher = bytes_of_hex(nist_cipher).value();
    SegmentDecryptor decryptor(block_of(nist_iv), block_of(nist_iv));
    std::vector<std::uint8_t> out;
    CHECK_FALSE(decryptor.take(cipher, /*is_all=*/true, out));
}

} // namespace segment_key_test
