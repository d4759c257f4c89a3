#include "core/base/binary_text.hpp"

#include <doctest/doctest.h>

#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace binary_text_test {

using namespace continuo;
using Bytes = std::vector<std::uint8_t>;

Bytes bytes_of(std::string_view text) {
    return {text.begin(), text.end()};
}

TEST_CASE("base64 is written as in RFC 4648 §10, and read back") {
    using Pair = std::pair<std::string_view, std::string_view>;
    for (auto const& [plain, text] :
         {Pair{"", ""}, Pair{"f", "Zg=="}, Pair{"fo", "Zm8="}, Pair{"foo", "Zm9v"},
          Pair{"foob", "Zm9vYg=="}, Pair{"fooba", "Zm9vYmE="}, Pair{"foobar", "Zm9vYmFy"}}) {
        CHECK(base64_of(bytes_of(plain)) == text);
        CHECK(bytes_of_base64(text) == bytes_of(plain));
        CHECK(bytes_of_base64(text.substr(0, text.find('='))) == bytes_of(plain)); // no padding
    }
}

TEST_CASE("what is no base64 is refused") {
    for (auto const* const text : {"Z", "Zg=", "Zm9vY", "Zm9v Zm9v", "=",
                                   "==", "====", "Zg==Zg==", "Zm8==", "Zm_v", "Zm9v\n", "Zm9vZ==="})
        CHECK_FALSE(bytes_of_base64(text));
}

TEST_CASE("hex is written in capitals and read in either case") {
    Bytes const bytes{0x00, 0xFC, 0x30, 0xAB};
    CHECK(hex_of(bytes) == "00FC30AB");
    CHECK(bytes_of_hex("00fC30aB") == bytes);
    CHECK(bytes_of_hex("") == Bytes{});
    for (auto const* const text : {"0", "0xFC", "FG", "F C0", "FC\n"})
        CHECK_FALSE(bytes_of_hex(text));
}

TEST_CASE("any bytes survive both texts") {
    std::mt19937 random(1); // the same each time
    for (std::size_t length = 0; length < 300; ++length) {
        Bytes bytes(length);
        for (auto& byte : bytes)
            byte = static_cast<std::uint8_t>(random());
        CHECK(bytes_of_base64(base64_of(bytes)) == bytes);
        CHECK(bytes_of_hex(hex_of(bytes)) == bytes);
    }
}

} // namespace binary_text_test
