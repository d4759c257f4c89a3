// A media segment that is served again and again, under other times and another number each time:
// read once, then written from what is kept of it, without a look at the file.
#pragma once

#include "core/base/result.hpp"
#include "core/mp4/box.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace continuo::mp4 {

/// By how much a track's times move, in units of its `timescale` (mdhd; never 0).
struct TrackShift {
    std::uint32_t track_id{};
    std::uint32_t timescale{};
    std::int64_t units{};
};

/// Where a segment goes.
struct Move {
    std::uint32_t sequence_number{}; ///< of every fragment (mfhd)
    std::vector<TrackShift> shifts;  ///< tracks that are not named stay where they are
    /// Whole boxes (emsg, sidx) that stand in front of the first moof.
    std::span<std::uint8_t const> inserted;
};

/// A part of a written segment: `bytes`, then what lies in the file.
struct Stretch {
    std::vector<std::uint8_t> bytes;
    std::size_t file_offset{};
    std::size_t file_bytes{};
};

/// Keeps all of a segment's bytes but the media data, and where in them times, numbers, offsets and
/// sizes stand. Pure; shared by all who ask for the segment.
class MovableSegment {
public:
    /// `file`: the whole segment; not needed afterwards.
    /// Errors, with the offset: those of `BoxCursor`; `Errc::truncated`; `Errc::malformed` for a
    /// traf without tfhd or tfdt and for offsets beyond 2^61; `Errc::not_found` without a moof.
    static Result<MovableSegment> parse(std::span<std::uint8_t const> file);

    /// The segment after `move`. A tfdt takes 64 bits exactly where its value needs them, a sidx
    /// gets them when it does; whatever tells sizes and offsets (moof, traf, trun, saio,
    /// tfhd.base_data_offset, sidx) goes with it.
    /// Errors: `Errc::out_of_range` for times below 0, or beyond 2^63.
    /// Spec: ISO/IEC 14496-12 §8.7.9, §8.8.5, §8.8.7, §8.8.8, §8.8.12, §8.16.3.
    Result<std::vector<Stretch>> moved(Move const& move) const;

    /// Where in a written segment `Move::inserted` begins, unless a sidx in front of it has grown.
    std::size_t first_fragment() const noexcept { return first_fragment_; }
    bool has_index() const noexcept { return !indexes_.empty(); }
    /// All but the media data.
    std::size_t kept_bytes() const noexcept;

private:
    friend class SegmentReader;
    friend class SegmentWriter;

    struct Container { ///< moof, traf
        std::size_t begin{};
        std::size_t end{};
        bool has_large_size{false};
    };
    struct Time { ///< tfdt
        std::uint32_t track_id{};
        Container box;
        std::size_t body{};
        std::uint8_t version{};
        std::uint64_t value{};
    };
    /// A field that says where something else is; both as offsets in the file.
    struct Pointer {
        std::size_t place{};
        std::size_t width{};
        std::optional<std::size_t> origin; ///< what it counts from, without: the file's begin
        std::int64_t target{};
    };
    struct Index { ///< sidx
        Container box;
        std::size_t body{};
        std::uint8_t version{};
        std::uint32_t track_id{};
        std::uint32_t timescale{};
        std::uint64_t time{};
        std::uint64_t first_offset{};
        std::vector<std::uint32_t> references; ///< type and size, as written
    };
    struct Kept { ///< bytes up to media data, and that
        std::size_t begin{};
        std::vector<std::uint8_t> bytes;
        std::size_t payload{};
    };

    std::vector<Kept> kept_;
    std::vector<Container> containers_;
    std::vector<std::size_t> numbers_; ///< places of mfhd.sequence_number
    std::vector<Time> times_;
    std::vector<Pointer> pointers_;
    std::vector<Index> indexes_;
    std::size_t first_fragment_{}; ///< offset of the first moof
};

} // namespace continuo::mp4
