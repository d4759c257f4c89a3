#include "http/dashlive/media/clear_key.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <openssl/evp.h>

#include <algorithm>
#include <optional>
#include <span>
#include <stdexcept>

namespace continuo::dashlive {
namespace {

constexpr std::array<std::uint8_t, 3> key_id_mark{0x28, 0x80, 0xFE};
constexpr std::array<std::uint8_t, 3> key_mark{0x28, 0x46, 0x3E};
constexpr std::string_view letters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"; // RFC 4648 §5
constexpr std::size_t key_letters = 22; // of 16 bytes, without padding

std::string base64url(KeyBytes const& bytes) {
    std::string text;
    unsigned buffer = 0;
    unsigned bits = 0;
    for (auto const byte : bytes) {
        buffer = buffer << 8 | byte;
        for (bits += 8; bits >= 6; bits -= 6)
            text += letters[buffer >> (bits - 6) & 0x3F];
    }
    text += letters[buffer << (6 - bits) & 0x3F]; // 128 bits leave two
    return text;
}

std::optional<KeyBytes> parse_base64url(std::string_view text) {
    if (text.size() != key_letters) return std::nullopt;
    KeyBytes bytes{};
    unsigned buffer = 0;
    unsigned bits = 0;
    std::size_t filled = 0;
    for (auto const letter : text) {
        auto const value = letters.find(letter);
        if (value == std::string_view::npos) return std::nullopt;
        buffer = buffer << 6 | static_cast<unsigned>(value);
        bits += 6;
        if (bits < 8) continue;
        bits -= 8;
        bytes[filled++] = static_cast<std::uint8_t>(buffer >> bits);
    }
    return bytes;
}

bool is_ours(KeyBytes const& key_id) noexcept {
    return std::equal(key_id_mark.begin(), key_id_mark.end(), key_id.begin());
}

Refusal no_request(std::string_view what) {
    return {.status = 400,
            .detail = fmt::format(R"({}; a licence request is {{"kids":["<base64url>"]}})", what)};
}

} // namespace

KeyBytes digest(std::string_view text) {
    std::array<std::uint8_t, EVP_MAX_MD_SIZE> whole{};
    if (EVP_Digest(text.data(), text.size(), whole.data(), nullptr, EVP_sha256(), nullptr) != 1)
        throw std::runtime_error("SHA-256 is not there");
    KeyBytes bytes;
    std::copy_n(whole.begin(), bytes.size(), bytes.begin());
    return bytes;
}

KeyBytes key_id_of(Asset const& asset) {
    auto id = digest("key of asset " + asset.name);
    std::ranges::copy(key_id_mark, id.begin());
    return id;
}

KeyBytes key_of(KeyBytes const& key_id) noexcept {
    auto key = key_id;
    std::ranges::copy(key_mark, key.begin());
    return key;
}

std::string key_id_text(KeyBytes const& key_id) {
    std::string text;
    for (std::size_t i = 0; i < key_id.size(); ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
        text += fmt::format("{:02x}", key_id[i]);
    }
    return text;
}

Answer<std::string> licence_for(std::string_view request) {
    auto const body = nlohmann::json::parse(request, nullptr, /*allow_exceptions=*/false);
    if (!body.is_object()) return no_request("no JSON object");
    auto const kids = body.find("kids");
    if (kids == body.end() || !kids->is_array()) return no_request("no list of kids");
    if (kids->size() > max_licence_keys)
        return no_request(fmt::format("more than {} kids", max_licence_keys));
    auto keys = nlohmann::json::array();
    for (auto const& kid : *kids) {
        if (!kid.is_string()) return no_request("a kid that is no string");
        auto const id = parse_base64url(kid.get_ref<std::string const&>());
        if (!id) return no_request("a kid that is not 16 bytes");
        if (is_ours(*id))
            keys.push_back(
                {{"kty", "oct"}, {"kid", base64url(*id)}, {"k", base64url(key_of(*id))}});
    }
    if (keys.empty()) return Refusal{.status = 404, .detail = "none of these keys is one of ours"};
    return nlohmann::json{{"keys", std::move(keys)}, {"type", "temporary"}}.dump();
}

} // namespace continuo::dashlive
