// Captions as WebVTT: read as ffmpeg writes them, while they grow; written as the segments of a
// rendition that is shown beside the pictures.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace continuo::media {

struct Caption {
    std::chrono::milliseconds start{}; ///< of the film
    std::chrono::milliseconds end{};   ///< later than `start`
    std::string text{};                ///< lines, none of them empty; no line end at the end

    friend bool operator==(Caption const&, Caption const&) = default;
};

/// Reads in any pieces. What is no caption (the header, notes, styles, positions, what has no
/// length) is passed over.
class CaptionReader {
public:
    /// The longest block, in bytes; of a longer one nothing is kept.
    static constexpr std::size_t longest_block = 64 * 1024;

    /// The captions that `bytes` complete: an empty line ends each.
    std::vector<Caption> feed(std::string_view bytes);
    /// The one that stands at the end in whole lines, if one does: ffmpeg writes the empty line
    /// before the next.
    std::vector<Caption> settle();

private:
    void take_line(std::vector<Caption>& found);

    std::string line_;
    std::vector<std::string> block_;
    std::size_t block_bytes_{};
};

/// The captions of a track that are not over yet. What finds no room is passed over: each segment
/// repeats all that is shown in it, and a film may say that its captions are shown for hours.
class KnownCaptions {
public:
    static constexpr std::size_t room = 256 * 1024; // bytes, as WebVTT

    void add(std::vector<Caption> captions);
    /// What ends at `time` or before is over, also of what is added later.
    void forget_until(std::chrono::milliseconds time);
    std::vector<Caption> const& all() const { return captions_; }

private:
    std::vector<Caption> captions_;
    std::size_t bytes_{};
    std::chrono::milliseconds over_until_{};
};

/// Those of `captions` that are shown at any time from `begin` to `end` as one segment (RFC 8216
/// §3.5). `ticks_of_zero`: the 33-bit PTS of the film's time 0.
std::string web_vtt_segment(std::vector<Caption> const& captions, std::chrono::milliseconds begin,
                            std::chrono::milliseconds end, std::uint64_t ticks_of_zero);

} // namespace continuo::media
