// A playlist's lines, numbered: what both playlist readers and the rules walk over.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace continuo::hls {

/// Walks over lines that end with LF or CR LF (the last one may lack it). Views point into the text
/// given.
class LineReader {
public:
    /// `text` outlives the reader and every line it gave; a byte order mark in front is passed
    /// over.
    explicit LineReader(std::string_view text) noexcept;

    /// The next line without its end and without blanks behind it; nothing at the end of the text.
    std::optional<std::string_view> next() noexcept;

    /// The number of the line given last, from 1.
    std::size_t number() const noexcept { return number_; }

private:
    std::string_view rest_;
    std::size_t number_{};
};

/// A tag line cut at its first colon: "#EXTINF:4.0," -> {"#EXTINF", "4.0,"}.
struct Tag {
    std::string_view name;
    std::string_view value;
};
Tag split_tag(std::string_view line) noexcept;

inline constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

} // namespace continuo::hls
