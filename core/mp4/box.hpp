// MP4 files as a tree of boxes: the walk over the boxes of one level, which everything else in this
// room begins with.
#pragma once

#include "core/base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace continuo::mp4 {

/// A box's type, or a codec's: four bytes that are mostly letters.
struct FourCC {
    std::uint32_t value{};

    constexpr FourCC() = default;
    constexpr explicit FourCC(std::uint32_t number) noexcept : value(number) {}
    // NOLINTNEXTLINE(google-explicit-constructor): "moof" is how a type is written
    constexpr FourCC(char const (&text)[5]) noexcept {
        for (auto const letter : {text[0], text[1], text[2], text[3]})
            value = value << 8 | static_cast<std::uint8_t>(letter);
    }

    friend constexpr bool operator==(FourCC, FourCC) = default;
};

/// "moof"; bytes that can't be printed as "\x00".
std::string to_text(FourCC type);

/// A box where it lies; a view of the bytes that the cursor was given.
struct Box {
    FourCC type;
    std::size_t offset{};                ///< of its first byte in the input
    std::span<std::uint8_t const> bytes; ///< the whole box
    std::size_t header_size{};           ///< 8, or 16 with a 64-bit size

    std::span<std::uint8_t const> body() const noexcept { return bytes.subspan(header_size); }
    std::size_t body_offset() const noexcept { return offset + header_size; }
};

/// Goes from box to box of one level; unknown ones come like all others. Pure.
class BoxCursor {
public:
    /// A whole file, or a part of it that begins with a box and lies at `offset` of the input. Its
    /// last box may leave its size open. `file` must outlive the cursor and its boxes.
    explicit BoxCursor(std::span<std::uint8_t const> file, std::size_t offset = 0) noexcept
        : bytes_(file), offset_(offset) {}
    /// The boxes in `parent`, behind `skipped` bytes of its body (version and flags, say).
    static BoxCursor inside(Box const& parent, std::size_t skipped = 0) noexcept;

    /// The next box; nothing at the end. Zeros that are too few for a box end a parent, too, as
    /// QuickTime has it.
    /// Errors, with the offset: `Errc::truncated` when the box is longer than what is left;
    /// `Errc::malformed` for a size that doesn't hold its own header, and for an open size inside
    /// a parent. Spec: ISO/IEC 14496-12 §4.2.
    Result<std::optional<Box>> next();

private:
    Error failure(Errc code, std::string_view what) const;

    std::span<std::uint8_t const> bytes_;
    std::size_t offset_;
    bool nested_{false};
};

/// Calls `visit(Box const&) -> Result<>` for each box up to the first error, and returns that.
template <class Visit>
Result<> for_each_box(BoxCursor cursor, Visit&& visit) {
    for (;;) {
        auto const box = cursor.next();
        if (!box) return box.error();
        if (!*box) return {};
        if (auto const done = visit(**box); !done) return done;
    }
}

} // namespace continuo::mp4
