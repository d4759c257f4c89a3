#include "http/dashlive/media/composed.hpp"

#include <utility>

namespace continuo::dashlive {

std::uint64_t size_of(Chunk const& chunk) noexcept {
    std::uint64_t sum = 0;
    for (auto const& piece : chunk.pieces)
        sum += piece.bytes.size() + (piece.file ? piece.file->bytes : 0);
    return sum;
}

std::uint64_t Composed::size_bytes() const noexcept {
    std::uint64_t sum = 0;
    for (auto const& chunk : chunks)
        sum += size_of(chunk);
    return sum;
}

void PieceWriter::append(std::span<std::uint8_t const> bytes) {
    if (bytes.empty()) return;
    if (pieces_.empty() || pieces_.back().file) pieces_.emplace_back();
    auto& last = pieces_.back().bytes;
    last.insert(last.end(), bytes.begin(), bytes.end());
}

void PieceWriter::append(FilePart part) {
    if (part.bytes == 0) return;
    if (pieces_.empty()) pieces_.emplace_back();
    auto& last = pieces_.back();
    if (!last.file)
        last.file = std::move(part);
    else if (last.file->path == part.path && last.file->offset + last.file->bytes == part.offset)
        last.file->bytes += part.bytes;
    else
        pieces_.push_back({.bytes = {}, .file = std::move(part)});
}

} // namespace continuo::dashlive
