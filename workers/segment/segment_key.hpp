// Keys of encrypted segments: what a playlist says of one, and taking a segment's encryption off.
#pragma once

#include "core/base/result.hpp"
#include "core/hls/media_playlist.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

struct evp_cipher_ctx_st;

namespace continuo::segment {

using Block = std::array<std::uint8_t, 16>;

/// AES-128 as RFC 8216 §4.3.2.4 has it.
struct SegmentKey {
    std::string uri; ///< of the key's 16 bytes, as the playlist writes it
    Block iv{};      ///< the segment's number where the playlist gives none

    friend bool operator==(SegmentKey const&, SegmentKey const&) = default;
};

/// Nothing for a segment in clear. `number`: its media sequence number.
/// Errors: `Errc::unsupported` for other methods and key formats, `Errc::malformed`.
Result<std::optional<SegmentKey>> key_of(hls::MediaSegment const& segment, std::uint64_t number);

/// One segment: CBC with the padding of PKCS #7. Pure.
class SegmentDecryptor {
public:
    SegmentDecryptor(Block const& key, Block const& iv);

    /// Appends to `out` what `bytes` tell. `is_all`: the segment ends with them; false when it does
    /// not end as an encrypted one does: torn, or another key's.
    bool take(std::span<std::uint8_t const> bytes, bool is_all, std::vector<std::uint8_t>& out);

private:
    struct Free {
        void operator()(evp_cipher_ctx_st* context) const noexcept;
    };
    std::unique_ptr<evp_cipher_ctx_st, Free> context_;
};

} // namespace continuo::segment
