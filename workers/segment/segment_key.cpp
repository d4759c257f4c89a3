#include "workers/segment/segment_key.hpp"

#include "core/base/binary_text.hpp"
#include "core/hls/attribute_list.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <new>

namespace continuo::segment {
namespace {

Result<Block> iv_of(std::string_view text) {
    if (!text.starts_with("0x") && !text.starts_with("0X")) {
        return fail(Errc::malformed, "the IV of a key");
    }
    std::string digits(text.substr(2));
    Block iv{};
    digits.insert(0, 2 * iv.size() - std::min(2 * iv.size(), digits.size()), '0');
    auto const bytes = bytes_of_hex(digits);
    if (!bytes || bytes->size() != iv.size()) return fail(Errc::malformed, "the IV of a key");
    std::ranges::copy(*bytes, iv.begin());
    return iv;
}

Block iv_of(std::uint64_t number) {
    Block iv{};
    for (auto byte = iv.rbegin(); number != 0; ++byte, number >>= 8)
        *byte = static_cast<std::uint8_t>(number);
    return iv;
}

} // namespace

Result<std::optional<SegmentKey>> key_of(hls::MediaSegment const& segment, std::uint64_t number) {
    if (segment.keys.empty()) return std::optional<SegmentKey>();
    auto const found = std::ranges::find(segment.keys, "identity", &hls::MediaKey::format);
    auto const& key = found != segment.keys.end() ? *found : segment.keys.front();
    auto const attributes = hls::AttributeList::parse(key.attributes);
    if (!attributes) return attributes.error();
    auto const method = attributes->text("METHOD");
    if (method != "AES-128" || found == segment.keys.end()) {
        return fail(Errc::unsupported,
                    "its segments are encrypted: METHOD " + method + ", KEYFORMAT " + key.format);
    }
    SegmentKey result{.uri = attributes->text("URI"), .iv = iv_of(number)};
    if (result.uri.empty()) return fail(Errc::malformed, "a key without a URI");
    if (auto const text = attributes->find("IV")) {
        auto const iv = iv_of(*text);
        if (!iv) return iv.error();
        result.iv = *iv;
    }
    return std::optional(std::move(result));
}

void SegmentDecryptor::Free::operator()(evp_cipher_ctx_st* context) const noexcept {
    EVP_CIPHER_CTX_free(context);
}

SegmentDecryptor::SegmentDecryptor(Block const& key, Block const& iv)
    : context_(EVP_CIPHER_CTX_new()) {
    if (!context_ || EVP_DecryptInit_ex(context_.get(), EVP_aes_128_cbc(), nullptr, key.data(),
                                        iv.data()) != 1) {
        throw std::bad_alloc();
    }
}

bool SegmentDecryptor::take(std::span<std::uint8_t const> bytes, bool is_all,
                            std::vector<std::uint8_t>& out) {
    auto const before = out.size();
    out.resize(before + bytes.size() + 2 * sizeof(Block)); // what was held back, and what is now
    int length = 0;
    EVP_DecryptUpdate(context_.get(), out.data() + before, &length, bytes.data(),
                      static_cast<int>(bytes.size()));
    int rest = 0;
    auto const is_sound =
        !is_all || EVP_DecryptFinal_ex(context_.get(), out.data() + before + length, &rest) == 1;
    out.resize(before + static_cast<std::size_t>(length + (is_sound ? rest : 0)));
    return is_sound;
}

} // namespace continuo::segment
