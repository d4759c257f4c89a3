// Boxes of a file on disk, without what lies in between: media data is passed over unread.
#pragma once

#include "core/mp4/box.hpp"
#include "http/server/representation.hpp"
#include "http/storage/refusal.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace continuo::dashlive {

/// Where a box lies in a file.
struct BoxPlace {
    mp4::FourCC type;
    std::uint64_t offset{};
    std::uint64_t bytes{};

    std::uint64_t end() const noexcept { return offset + bytes; }
};

class PartReader {
public:
    explicit PartReader(server::OpenFile file) : file_(std::move(file)) {}

    std::uint64_t size_bytes() const noexcept { return file_.size_bytes(); }

    /// Valid until the next call. Refused: what lies behind the end, and what can't be read.
    storage::Accepted<std::span<std::uint8_t const>> bytes_at(std::uint64_t offset,
                                                              std::size_t count);
    /// The box that begins there; nothing at `end`. Refused: one that reaches beyond `end`.
    storage::Accepted<std::optional<BoxPlace>> box_at(std::uint64_t offset, std::uint64_t end);
    /// The whole of it, its `Box::offset` being that in the file; valid until the next call.
    /// Refused: more than 64 MiB.
    storage::Accepted<mp4::Box> read(BoxPlace const& place);

private:
    server::OpenFile file_;
    std::vector<std::uint8_t> buffer_;
    std::uint64_t begin_{}; ///< of the buffer in the file
};

} // namespace continuo::dashlive
