// A segment as it is sent: bytes of ours and parts of the asset's files, in turn; in one go, or
// chunk by chunk as their time comes.
#pragma once

#include "core/dash/date_time.hpp"
#include "http/dashlive/asset/asset.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace continuo::dashlive {

/// `bytes`, then what lies in a file.
struct Piece {
    std::vector<std::uint8_t> bytes;
    std::optional<FilePart> file;
};

/// What is sent at once.
struct Chunk {
    std::vector<Piece> pieces;
    /// On the session's clock: when its last sample could have been encoded. Long ago for a segment
    /// that isn't cut into chunks.
    dash::DateTime due{};
    bool is_independent{true}; ///< begins with a sync sample
};

struct Composed {
    std::vector<Chunk> chunks; ///< one, unless the session has chunkdur

    std::uint64_t size_bytes() const noexcept;
};

std::uint64_t size_of(Chunk const& chunk) noexcept;

/// Fills a chunk; parts of a file that follow each other become one.
class PieceWriter {
public:
    void append(std::span<std::uint8_t const> bytes);
    void append(FilePart part);
    std::vector<Piece> taken() && { return std::move(pieces_); }

private:
    std::vector<Piece> pieces_;
};

} // namespace continuo::dashlive
