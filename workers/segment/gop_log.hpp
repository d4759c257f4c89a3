// The one log of GOPs that all consumers of a source read from: bytes are stored once, a consumer
// is a cursor into it.
#pragma once

#include "core/base/ticks.hpp"
#include "workers/segment/output.hpp"

#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <vector>

namespace continuo::segment {

/// A place in the log; GOPs are counted from the run's beginning.
struct Cursor {
    std::uint64_t gop{};
    std::size_t offset{};

    friend bool operator==(Cursor const&, Cursor const&) = default;
};

/// How much of the past is kept, in media time behind the newest GOP.
struct Retention {
    std::size_t max_bytes = 64u << 20;
    Ticks90k max_age{30 * 90'000}; ///< for readers that are behind
    Ticks90k
        min_age{}; ///< for those that come back: what was in an encoder and its pipes when it died
};

class GopLog {
public:
    static constexpr Ticks90k lead_in_time{
        27'000}; ///< 300 ms of audio in front of a join: then an encoder leaves no hole

    void append(Output const& output);

    /// Where a reader begins: the first keyframe held whose PTS is `from` or later, the oldest one
    /// without `from`. Nothing while that is still to come.
    std::optional<Cursor> join(std::optional<Ticks90k> from) const;

    /// The audio packets that lie in front of the GOP at `cursor` in the stream and less than
    /// `lead_in_time` before it by PTS.
    std::span<std::uint8_t const> lead_in(Cursor const& cursor) const;

    /// What can be read at `cursor`, up to the GOP's end; moves it to the next GOP when there is
    /// nothing more in its own. Empty at the log's end. `cursor` must be held.
    std::span<std::uint8_t const> unread(Cursor& cursor) const;

    bool holds(Cursor const& cursor) const noexcept { return cursor.gop >= first_; }

    /// Forgets segments from the front: what neither the last complete segment, nor the open one,
    /// nor `oldest_needed` has need of, and what `retention` does not allow, needed or not. With
    /// `keep_time` age is no reason, as while consumers start.
    void trim(std::optional<std::uint64_t> oldest_needed, Retention const& retention,
              bool keep_time);

    std::size_t size_bytes() const noexcept { return size_bytes_; }
    std::uint64_t first() const noexcept { return first_; }

private:
    struct Gop {
        GopOpened opened;
        std::vector<std::uint8_t> lead_in;
        std::vector<std::uint8_t> bytes;
    };
    struct AudioUnit {
        Ticks90k pts{};
        std::vector<std::uint8_t> packets;
    };

    void append_packets(std::span<std::uint8_t const> packets);
    void open_gop(GopOpened const& opened);
    void begin_audio(AudioStarted const& audio);
    /// Number of GOPs in the oldest segment; 0 when it is one of the two that are always kept.
    std::size_t oldest_spare_segment() const noexcept;

    std::deque<Gop> gops_;
    std::uint64_t first_{}; ///< number of the front one
    std::size_t size_bytes_{};
    std::optional<std::uint16_t> audio_pid_;
    std::deque<AudioUnit> audio_; ///< the latest ones
};

} // namespace continuo::segment
