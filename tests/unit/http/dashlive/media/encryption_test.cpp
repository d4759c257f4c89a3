#include "http/dashlive/media/clear_key.hpp"
#include "http/dashlive/media/encryption.hpp"
#include "http/dashlive/media/protected_ranges.hpp"
#include "tests/support/stored_asset.hpp"

#include <doctest/doctest.h>

#include <openssl/evp.h>

#include <memory>
#include <numeric>
#include <random>
#include <set>
#include <string>

namespace encryption_test {

using namespace continuo;
using namespace continuo::dashlive;
using test::Bytes;

/// NAL units of AVC with 4 bytes for their lengths: headers and sizes, filled with a pattern.
struct Unit {
    std::uint8_t header;
    std::size_t size;
};
Bytes picture(std::vector<Unit> const& units) {
    Bytes bytes;
    std::uint8_t filler = 1;
    for (auto const& unit : units) {
        for (std::size_t i = 4; i-- > 0;)
            bytes.push_back(static_cast<std::uint8_t>(unit.size >> 8 * i));
        bytes.push_back(unit.header);
        for (std::size_t i = 1; i < unit.size; ++i)
            bytes.push_back(filler++);
    }
    return bytes;
}

constexpr std::uint8_t slice = 0x65; // IDR
constexpr std::uint8_t sei = 0x06;

using Part = std::pair<std::size_t, std::size_t>;
std::vector<Part> parts(Bytes const& sample, mp4::NalLayout const& layout = {}) {
    std::vector<Part> found;
    for (auto const& part : protected_ranges(sample, layout))
        found.emplace_back(part.clear, part.protected_bytes);
    return found;
}

std::size_t sum(std::vector<Part> const& found) {
    return std::accumulate(
        found.begin(), found.end(), std::size_t{0},
        [](std::size_t total, Part const& part) { return total + part.first + part.second; });
}

/// AES as a decrypter has it.
class Decrypter {
public:
    Decrypter(KeyBytes const& key, EVP_CIPHER const* kind) : context_(EVP_CIPHER_CTX_new()) {
        EVP_DecryptInit_ex(context_.get(), kind, nullptr, key.data(), nullptr);
        EVP_CIPHER_CTX_set_padding(context_.get(), 0);
    }
    void begin(KeyBytes const& vector) {
        EVP_DecryptInit_ex(context_.get(), nullptr, nullptr, nullptr, vector.data());
    }
    void decrypt(std::span<std::uint8_t> bytes) {
        int size = 0;
        EVP_DecryptUpdate(context_.get(), bytes.data(), &size, bytes.data(),
                          static_cast<int>(bytes.size()));
    }

private:
    struct Free {
        void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
    };
    std::unique_ptr<EVP_CIPHER_CTX, Free> context_;
};

/// A sample in the clear again, by the rules of ISO/IEC 23001-7 alone.
Bytes decrypted(Bytes sample, mp4::SampleProtection const& told,
                mp4::TrackProtection const& protection) {
    auto const is_chained = protection.constant_vector.has_value();
    Decrypter decrypter(key_of(protection.key_id),
                        is_chained ? EVP_aes_128_cbc() : EVP_aes_128_ctr());
    auto subsamples = told.subsamples;
    if (subsamples.empty())
        subsamples = {{.clear = 0, .protected_bytes = static_cast<std::uint32_t>(sample.size())}};
    decrypter.begin(is_chained ? *protection.constant_vector : told.initialisation_vector);
    std::size_t place = 0;
    for (auto const& part : subsamples) {
        place += part.clear;
        std::span range(sample.data() + place, part.protected_bytes);
        place += part.protected_bytes;
        if (!is_chained) {
            decrypter.decrypt(range);
            continue;
        }
        decrypter.begin(*protection.constant_vector);
        auto const skipped = protection.crypt_blocks > 0 ? 16U * protection.skip_blocks : 0U;
        while (range.size() >= 16) {
            decrypter.decrypt(range.first(16));
            range = range.subspan(std::min<std::size_t>(16 + skipped, range.size()));
        }
    }
    CHECK(place == sample.size());
    return sample;
}

test::StoredAsset filmed() {
    std::vector<Bytes> pictures;
    for (std::size_t i = 0; i < 120; ++i)
        pictures.push_back(picture({{sei, 20}, {slice, 100 + 37 * i}, {slice, 5 * i + 1}}));
    return test::stored_asset({{.id = "v",
                                .timescale = 90'000,
                                .sample = 3'000,
                                .samples = {60, 60},
                                .payloads = pictures},
                               {.id = "a",
                                .content = Content::audio,
                                .timescale = 48'000,
                                .sample = 1'024,
                                .samples = {94, 93}}});
}

TEST_CASE("slices are protected but for what stands in front of them, in whole blocks") {
    CHECK(parts(picture({{slice, 500}})) == std::vector<Part>{{104, 400}});
    CHECK(parts(picture({{slice, 107}})) == std::vector<Part>{{111, 0}});
    CHECK(parts(picture({{slice, 108}})) == std::vector<Part>{{96, 16}});
    CHECK(parts(picture({{sei, 500}})) == std::vector<Part>{{504, 0}});
    CHECK(parts(picture({{sei, 10}, {slice, 500}, {sei, 10}})) ==
          std::vector<Part>{{14 + 104, 400}, {14, 0}});
    CHECK(parts(picture({{sei, 70'000}, {slice, 500}})) ==
          std::vector<Part>{{65'535, 0}, {70'004 - 65'535 + 104, 400}});
    CHECK(parts(Bytes{}) == std::vector<Part>{{0, 0}});
    CHECK(parts(Bytes{0, 0}) == std::vector<Part>{{2, 0}});
    CHECK(parts(Bytes(300, 0xFF)) == std::vector<Part>{{300, 0}}); // a unit longer than the sample
    // HEVC has its types elsewhere: 19 is an IDR picture, 32 a VPS
    mp4::NalLayout const hevc{.codec = mp4::NalLayout::Codec::hevc, .length_bytes = 4};
    CHECK(parts(picture({{19 << 1, 500}}), hevc) == std::vector<Part>{{104, 400}});
    CHECK(parts(picture({{32 << 1, 500}}), hevc) == std::vector<Part>{{504, 0}});
}

TEST_CASE("parts cover every sample, however many slices it has, and fit into saiz") {
    for (std::size_t slices = 0; slices < 60; ++slices) {
        auto const sample = picture(std::vector<Unit>(slices, {slice, 200}));
        auto const found = parts(sample);
        CHECK(sum(found) == sample.size());
        CHECK(8 + 2 + 6 * found.size() < 256);
    }
    std::mt19937 random(3);
    for (int round = 0; round < 2'000; ++round) {
        Bytes bytes(std::uniform_int_distribution<std::size_t>(0, 600)(random));
        for (auto& byte : bytes)
            byte = static_cast<std::uint8_t>(random() % 4);
        auto const found = parts(bytes, {.codec = mp4::NalLayout::Codec::avc,
                                         .length_bytes = 1 + static_cast<std::size_t>(round % 4)});
        CHECK(sum(found) == bytes.size());
        for (auto const& part : found)
            CHECK(part.second % 16 == 0);
    }
}

TEST_CASE(
    "what was encrypted can be decrypted by what the file tells, and differs from the source") {
    auto const stored = filmed();
    for (auto const* const options :
         {"eccp_cenc/", "eccp_cbcs/", "eccp_cenc/chunkdur_0.5/", "eccp_cbcs/segtimeline_1/"})
        for (auto const* const id : {"v", "a"}) {
            INFO(options, " ", id);
            auto const session = test::session_of(stored, options, 60'000);
            auto const& track = *stored.asset->tracks.at(id);
            auto const protection = protection_of(session, track);
            REQUIRE(protection.has_value());
            SampleCipher cipher(track, *protection);
            std::set<KeyBytes> vectors;
            std::int64_t time = 0;
            for (auto const& clear : stored.payloads.at(id)) {
                auto hidden = clear;
                auto const told = cipher.encrypt(hidden, time);
                CHECK(decrypted(hidden, told, *protection) == clear);
                if (clear.size() > 150) CHECK(hidden != clear);
                vectors.insert(told.initialisation_vector);
                ++time;
            }
            CHECK(vectors.size() ==
                  (protection->constant_vector ? 1 : stored.payloads.at(id).size()));
        }
}

TEST_CASE("an encrypted segment has the clear one's samples, sizes and times") {
    auto const stored = filmed();
    auto const clear = test::session_of(stored, "", 60'000);
    for (auto const* const scheme : {"eccp_cenc/", "eccp_cbcs/"})
        for (auto const* const more : {"", "chunkdur_0.5/", "sidx_1/"})
            for (auto const* const path : {"v/7.m4s", "a/7.m4s"}) {
                INFO(scheme, more, path);
                auto const session = test::session_of(stored, std::string(scheme) + more, 60'000);
                auto const bytes = test::served(stored, session, path);
                auto const hidden = test::seen(bytes);
                auto const open = test::seen(test::served(stored, clear, path));
                CHECK(hidden.time == open.time);
                CHECK(hidden.duration == open.duration);
                CHECK(hidden.flags == open.flags);
                REQUIRE(hidden.payloads.size() == open.payloads.size());
                for (std::size_t i = 0; i < hidden.payloads.size(); ++i)
                    CHECK(hidden.payloads[i].size() == open.payloads[i].size());
                CHECK(hidden.payloads != open.payloads);
                std::string_view const text(reinterpret_cast<char const*>(bytes.data()),
                                            bytes.size());
                // Sound with a constant vector has nothing to say of its samples.
                auto const is_told = std::string_view(scheme) == "eccp_cenc/" || path[0] == 'v';
                CHECK((text.find("senc") != std::string_view::npos) == is_told);
            }
}

TEST_CASE("two tracks, and two laps of a loop, never share a counter's start") {
    auto const stored = filmed();
    auto const session = test::session_of(stored, "eccp_cenc/", 60'000);
    std::set<KeyBytes> vectors;
    for (auto const* const id : {"v", "a"}) {
        auto const& track = *stored.asset->tracks.at(id);
        SampleCipher cipher(track, *protection_of(session, track));
        for (std::int64_t time = 0; time < 1'000; ++time) {
            Bytes sample(20);
            vectors.insert(cipher.encrypt(sample, time).initialisation_vector);
        }
    }
    CHECK(vectors.size() == 2'000);
}

TEST_CASE("headers tell of the encryption; what can't be encrypted is refused") {
    auto stored = filmed();
    auto const session = test::session_of(stored, "eccp_cbcs/", 60'000);
    auto const movie = mp4::parse_movie(test::served(stored, session, "v/init.mp4"));
    REQUIRE(movie.has_value());
    CHECK(movie->tracks.at(0).entry.format == mp4::FourCC("encv"));
    auto const both = mp4::parse_movie(test::served(stored, session, "v__a/init.mp4"));
    REQUIRE(both.has_value());
    CHECK(both->tracks.at(0).entry.format == mp4::FourCC("encv"));
    CHECK(both->tracks.at(1).entry.format == mp4::FourCC("enca"));

    auto const track = std::make_shared<Track>(*stored.asset->tracks.at("v"));
    stored.asset->tracks["v"] = track;
    for (auto const* const path : {"v/init.mp4", "v/3.m4s", "v__a/3.m4s"}) {
        CAPTURE(path);
        track->is_encrypted = true;
        auto const twice = test::composed(stored, session, path);
        REQUIRE(!twice.has_value());
        CHECK(twice.error().status == 400);
    }
    // Without eccp it is served as it is, and with chunkdur as one chunk.
    auto const plain = test::session_of(stored, "chunkdur_0.5/", 60'000);
    auto const whole = test::composed(stored, plain, "v/3.m4s");
    REQUIRE(whole.has_value());
    CHECK(whole->chunks.size() == 1);
}

} // namespace encryption_test
