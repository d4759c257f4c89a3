#include "http/dashlive/media/clear_key.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <string>

namespace clear_key_test {

using namespace continuo;
using namespace continuo::dashlive;

constexpr KeyBytes our_id{0x28, 0x80, 0xFE, 0x36, 0xE4, 0x4B, 0xF9, 0xBF,
                          0x79, 0xD2, 0x75, 0x2E, 0x23, 0x48, 0x18, 0xA5};
constexpr char const* our_id_in_base64 = "KID-NuRL-b950nUuI0gYpQ";

TEST_CASE("each asset has a key id of its own, and anybody knows the key") {
    Asset one;
    one.name = "one";
    Asset other;
    other.name = "other";
    CHECK(key_id_of(one) == key_id_of(one));
    CHECK(key_id_of(one) != key_id_of(other));
    CHECK(key_id_text(key_id_of(one)).starts_with("2880fe"));
    CHECK(key_id_text(our_id) == "2880fe36-e44b-f9bf-79d2-752e234818a5");
    CHECK(key_id_text(key_of(our_id)) == "28463e36-e44b-f9bf-79d2-752e234818a5");
}

TEST_CASE("a licence has the keys that were asked for, as far as they are ours") {
    auto const request = std::string(R"({"kids":["AAAAAAAAAAAAAAAAAAAAAA",")") + our_id_in_base64 +
                         R"("],"type":"temporary"})";
    auto const answer = licence_for(request);
    REQUIRE(answer.has_value());
    auto const body = nlohmann::json::parse(*answer);
    CHECK(body.at("type") == "temporary");
    REQUIRE(body.at("keys").size() == 1);
    auto const& key = body["keys"][0];
    CHECK(key.at("kty") == "oct");
    CHECK(key.at("kid") == our_id_in_base64);
    CHECK(key.at("k") == "KEY-NuRL-b950nUuI0gYpQ");
}

TEST_CASE("what is no licence request is refused") {
    struct Row {
        std::string request;
        unsigned status;
    };
    std::vector<Row> const rows{
        {"", 400},
        {"{", 400},
        {"[]", 400},
        {"{}", 400},
        {R"({"kids":"x"})", 400},
        {R"({"kids":[1]})", 400},
        {R"({"kids":["short"]})", 400},
        {R"({"kids":["AAAAAAAAAAAAAAAAAAAA=="]})", 400},
        {R"({"kids":["AAAAAAAAAAAAAAAAAAAAAA"]})", 404},
        {R"({"kids":[]})", 404},
        {"\xFF\xFE", 400},
    };
    for (auto const& row : rows) {
        CAPTURE(row.request);
        auto const answer = licence_for(row.request);
        REQUIRE(!answer.has_value());
        CHECK(answer.error().status == row.status);
    }
    std::string many = R"({"kids":[)";
    for (int i = 0; i < 65; ++i)
        many += std::string(i == 0 ? "" : ",") + "\"" + our_id_in_base64 + "\"";
    CHECK(!licence_for(many + "]}").has_value());
}

} // namespace clear_key_test
