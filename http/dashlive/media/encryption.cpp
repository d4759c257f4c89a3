#include "http/dashlive/media/encryption.hpp"

#include "http/dashlive/media/clear_key.hpp"
#include "http/dashlive/media/protected_ranges.hpp"

#include <fmt/format.h>

#include <openssl/evp.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace continuo::dashlive {
namespace {

constexpr std::uint8_t counter_vector_size = 8; // the other half counts blocks
constexpr std::uint8_t pattern_crypt = 1;       // ISO/IEC 23001-7 §10.4: 1 of 10 blocks
constexpr std::uint8_t pattern_skip = 9;

} // namespace

bool is_to_be_encrypted(Session const& session, Track const& track) noexcept {
    return session.options->encryption != Encryption::none &&
           (track.content == Content::video || track.content == Content::audio);
}

Answer<mp4::TrackProtection> protection_of(Session const& session, Track const& track) {
    if (track.is_encrypted)
        return Refusal{.status = 400,
                       .detail = fmt::format("eccp: \"{}\" is encrypted already", track.id)};
    auto const is_video = track.content == Content::video;
    if (is_video && !mp4::nal_layout(track.header))
        return Refusal{.status = 400,
                       .detail = fmt::format("eccp: pictures of \"{}\" are {}, and not AVC or HEVC",
                                             track.id, track.codecs)};
    mp4::TrackProtection protection{.scheme = mp4::FourCC("cenc"),
                                    .key_id = key_id_of(*session.asset),
                                    .vector_size = counter_vector_size,
                                    .constant_vector = {},
                                    .crypt_blocks = 0,
                                    .skip_blocks = 0};
    if (session.options->encryption == Encryption::cbcs) {
        protection.scheme = mp4::FourCC("cbcs");
        protection.vector_size = 0;
        protection.constant_vector = digest("vector of " + session.asset->name + "/" + track.id);
        protection.crypt_blocks = is_video ? pattern_crypt : 0;
        protection.skip_blocks = is_video ? pattern_skip : 0;
    }
    return protection;
}

/// AES with one key, whole blocks or a stream of them.
class SampleCipher::Cipher {
public:
    Cipher(KeyBytes const& key, EVP_CIPHER const* kind) : context_(EVP_CIPHER_CTX_new()) {
        if (!context_ ||
            EVP_EncryptInit_ex(context_.get(), kind, nullptr, key.data(), nullptr) != 1)
            throw std::runtime_error("AES is not there");
        EVP_CIPHER_CTX_set_padding(context_.get(), 0);
    }

    void begin(KeyBytes const& vector) {
        if (EVP_EncryptInit_ex(context_.get(), nullptr, nullptr, nullptr, vector.data()) != 1)
            throw std::runtime_error("AES does not begin");
    }
    void encrypt(std::span<std::uint8_t> bytes) {
        int written = 0;
        if (EVP_EncryptUpdate(context_.get(), bytes.data(), &written, bytes.data(),
                              static_cast<int>(bytes.size())) != 1)
            throw std::runtime_error("AES does not go on");
    }

private:
    struct Free {
        void operator()(EVP_CIPHER_CTX* context) const noexcept { EVP_CIPHER_CTX_free(context); }
    };
    std::unique_ptr<EVP_CIPHER_CTX, Free> context_;
};

SampleCipher::SampleCipher(Track const& track, mp4::TrackProtection const& protection)
    : track_(track.id)
    , protection_(protection)
    , nal_units_(track.content == Content::video ? mp4::nal_layout(track.header) : std::nullopt)
    , cipher_(std::make_unique<Cipher>(key_of(protection.key_id), protection.constant_vector
                                                                      ? EVP_aes_128_cbc()
                                                                      : EVP_aes_128_ctr())) {}
SampleCipher::~SampleCipher() = default;
SampleCipher::SampleCipher(SampleCipher&&) noexcept = default;

bool SampleCipher::has_sample_information() const noexcept {
    return protection_.vector_size > 0 || nal_units_;
}

std::uint8_t SampleCipher::vector_size() const noexcept {
    return protection_.vector_size;
}

mp4::SampleProtection SampleCipher::encrypt(std::span<std::uint8_t> sample,
                                            std::int64_t decode_time) {
    mp4::SampleProtection result;
    if (protection_.constant_vector) {
        result.initialisation_vector = *protection_.constant_vector;
    } else {
        auto const vector = digest(fmt::format("{} {}", track_, decode_time));
        std::copy_n(vector.begin(), protection_.vector_size, result.initialisation_vector.begin());
    }
    if (nal_units_) result.subsamples = protected_ranges(sample, *nal_units_);

    auto const is_pattern = protection_.crypt_blocks > 0;
    auto const hide = [&](std::span<std::uint8_t> range) {
        if (!protection_.constant_vector) { // CTR goes on from part to part
            cipher_->encrypt(range);
            return;
        }
        cipher_->begin(result.initialisation_vector);
        auto const step =
            is_pattern ? std::size_t{pattern_crypt + pattern_skip} * cipher_block : cipher_block;
        if (!is_pattern) {
            cipher_->encrypt(range.first(range.size() / cipher_block * cipher_block));
            return;
        }
        for (; range.size() >= cipher_block; range = range.subspan(std::min(step, range.size())))
            cipher_->encrypt(range.first(cipher_block));
    };
    if (!protection_.constant_vector) cipher_->begin(result.initialisation_vector);
    if (!nal_units_) hide(sample);
    for (auto const& part : result.subsamples) {
        hide(sample.subspan(part.clear, part.protected_bytes));
        sample = sample.subspan(part.clear + part.protected_bytes);
    }
    return result;
}

} // namespace continuo::dashlive
