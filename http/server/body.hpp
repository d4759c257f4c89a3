// The bytes of an answer: pieces of memory and of open files, in turn. A text, a file, and a
// segment whose header is patched before what lies on disk are all sent as one of these.
#pragma once

#include "http/server/open_file.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace continuo::server {

/// Memory that others hold as well, such as a cache: `owner` keeps it as long as it is sent.
struct SharedBytes {
    std::shared_ptr<void const> owner;
    std::string_view bytes;
};

/// The bytes [offset, offset + length) of a file. One that turns out to be shorter ends the
/// connection, since its header is out by then.
struct FileRegion {
    std::shared_ptr<OpenFile const> file;
    std::uint64_t offset{};
    std::uint64_t length{};
};

using Piece = std::variant<std::string, std::vector<std::uint8_t>, SharedBytes, FileRegion>;

std::uint64_t size_of(Piece const& piece) noexcept;
/// The piece's bytes in memory; not for a region of a file.
std::string_view memory_of(Piece const& piece) noexcept;

/// Filled once, then immutable: shared by all threads and by the responses still under way.
class Body {
public:
    Body() = default;
    explicit Body(std::string text) { append(std::move(text)); }
    /// All of a file.
    explicit Body(std::shared_ptr<OpenFile const> file);

    /// Pieces without bytes are dropped.
    void append(Piece piece);

    /// None of them is empty.
    std::vector<Piece> const& pieces() const noexcept { return pieces_; }
    std::uint64_t size_bytes() const noexcept { return size_bytes_; }

private:
    std::vector<Piece> pieces_;
    std::uint64_t size_bytes_{};
};

} // namespace continuo::server
