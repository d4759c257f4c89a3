#include "core/mp4/movable_segment.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>

namespace continuo::mp4 {
namespace {

constexpr std::uint64_t max_narrow = std::numeric_limits<std::uint32_t>::max();
constexpr std::uint32_t index_type_bit = 0x8000'0000; // of a sidx reference

/// Bytes that are written where others stood.
struct Replacement {
    std::size_t place{};
    std::size_t removed{};
    std::array<std::uint8_t, 8> number{};
    std::size_t number_size{};
    std::span<std::uint8_t const> inserted; // in front of the number
};

Result<std::uint64_t> shifted(std::uint64_t time, std::int64_t units, std::uint32_t track_id) {
    constexpr auto max = std::uint64_t{std::numeric_limits<std::int64_t>::max()};
    auto const distance = units < 0 ? std::uint64_t{0} - static_cast<std::uint64_t>(units)
                                    : static_cast<std::uint64_t>(units);
    bool const fits = units < 0 ? time >= distance : time <= max && max - time >= distance;
    if (!fits)
        return fail(Errc::out_of_range,
                    fmt::format("time {} of track {} moved by {}", time, track_id, units));
    return units < 0 ? time - distance : time + distance;
}

} // namespace

/// Writes one segment: which fields change their width, then what all others say because of it.
class SegmentWriter {
public:
    SegmentWriter(MovableSegment const& segment, Move const& move) noexcept
        : segment_(segment), move_(move) {}

    Result<std::vector<Stretch>> write() {
        if (auto const done = place_times(); !done) return done.error();
        if (!move_.inserted.empty()) {
            grow(segment_.first_fragment_, static_cast<std::int64_t>(move_.inserted.size()));
            replacements_.push_back({.place = segment_.first_fragment_,
                                     .removed = 0,
                                     .number = {},
                                     .number_size = 0,
                                     .inserted = move_.inserted});
        }
        sum_growths();
        for (auto const& box : segment_.containers_)
            put_size(box);
        for (auto const& box : resized_)
            put_size(box);
        for (auto const place : segment_.numbers_)
            put(place, 4, 4, move_.sequence_number);
        for (auto const& pointer : segment_.pointers_)
            put_pointer(pointer);
        for (auto const& index : segment_.indexes_)
            put_references(index);
        // What is inserted stands before the box whose size is written at the same place.
        std::stable_sort(replacements_.begin(), replacements_.end(),
                         [](auto const& a, auto const& b) { return a.place < b.place; });
        return assembled();
    }

private:
    struct Growth {
        std::size_t place{};
        std::int64_t bytes{}; ///< of this one, and once summed of all up to it
    };

    TrackShift const* shift_of(std::uint32_t track_id) const noexcept {
        auto const found = std::find_if(move_.shifts.begin(), move_.shifts.end(),
                                        [&](auto const& s) { return s.track_id == track_id; });
        return found == move_.shifts.end() ? nullptr : &*found;
    }

    Result<> place_times() {
        for (auto const& time : segment_.times_) {
            auto const* const shift = shift_of(time.track_id);
            auto const value = shifted(time.value, shift ? shift->units : 0, time.track_id);
            if (!value) return value.error();
            bool const wide = *value > max_narrow;
            put(time.body, 1, 1, wide ? 1 : 0);
            put(time.body + 4, width(time.version == 1), width(wide), *value);
            grow(time.body + 4, widening(time.version == 1, wide));
            resized_.push_back(time.box);
        }
        for (auto const& index : segment_.indexes_) {
            auto const* const shift = shift_of(index.track_id);
            auto const value =
                shifted(index.time, shift ? scaled(*shift, index.timescale) : 0, index.track_id);
            if (!value) return value.error();
            bool const wide = index.version == 1 || *value > max_narrow;
            put(index.body, 1, 1, wide ? 1 : 0);
            put(index.body + 12, width(index.version == 1), width(wide), *value);
            grow(index.body + 12, 2 * widening(index.version == 1, wide));
            resized_.push_back(index.box);
            index_is_wide_.push_back(wide);
        }
        return {};
    }

    /// In units of another clock, rounded towards 0.
    static std::int64_t scaled(TrackShift const& shift, std::uint32_t timescale) noexcept {
        __extension__ using Wide = __int128; // 64 and 32 bits multiplied
        auto const units = Wide{shift.units} * timescale / shift.timescale;
        constexpr auto max = Wide{std::numeric_limits<std::int64_t>::max()};
        return static_cast<std::int64_t>(std::clamp(units, -max, max)); // then refused
    }

    static std::size_t width(bool wide) noexcept { return wide ? 8 : 4; }
    static std::int64_t widening(bool was, bool is) noexcept {
        return (is ? 4 : 0) - (was ? 4 : 0);
    }

    void grow(std::size_t place, std::int64_t bytes) {
        if (bytes != 0) growths_.push_back({place, bytes});
    }

    void sum_growths() {
        std::sort(growths_.begin(), growths_.end(),
                  [](auto const& a, auto const& b) { return a.place < b.place; });
        std::int64_t sum = 0;
        for (auto& growth : growths_)
            growth.bytes = sum += growth.bytes;
    }

    /// Where the file's byte `offset` is now; what is inserted at that place comes before it.
    std::int64_t now(std::int64_t offset) const noexcept {
        return offset + growth_where([&](auto place) { return place <= offset; });
    }
    /// Where what ends at `offset` ends now.
    std::int64_t end_now(std::int64_t offset) const noexcept {
        return offset + growth_where([&](auto place) { return place < offset; });
    }
    template <class Before>
    std::int64_t growth_where(Before before) const noexcept {
        auto const behind =
            std::partition_point(growths_.begin(), growths_.end(), [&](auto const& growth) {
                return before(static_cast<std::int64_t>(growth.place));
            });
        return behind == growths_.begin() ? 0 : (behind - 1)->bytes;
    }

    void put(std::size_t place, std::size_t removed, std::size_t size, std::uint64_t value) {
        Replacement written{
            .place = place, .removed = removed, .number = {}, .number_size = size, .inserted = {}};
        for (auto i = size; i-- > 0; value >>= 8)
            written.number[i] = static_cast<std::uint8_t>(value);
        replacements_.push_back(written);
    }

    void put_size(MovableSegment::Container const& box) {
        auto const size =
            end_now(static_cast<std::int64_t>(box.end)) - now(static_cast<std::int64_t>(box.begin));
        auto const bytes = width(box.has_large_size);
        put(box.begin + (box.has_large_size ? 8 : 0), bytes, bytes,
            static_cast<std::uint64_t>(size));
    }

    void put_pointer(MovableSegment::Pointer const& pointer) {
        auto const origin =
            pointer.origin ? now(static_cast<std::int64_t>(*pointer.origin)) : std::int64_t{0};
        put(pointer.place, pointer.width, pointer.width,
            static_cast<std::uint64_t>(now(pointer.target) - origin));
    }

    void put_references(MovableSegment::Index const& index) {
        auto const is_wide =
            index_is_wide_[static_cast<std::size_t>(&index - segment_.indexes_.data())];
        auto const behind = static_cast<std::int64_t>(index.box.end);
        auto start = behind + static_cast<std::int64_t>(index.first_offset);
        auto const old_width = width(index.version == 1);
        put(index.body + 12 + old_width, old_width, width(is_wide),
            static_cast<std::uint64_t>(end_now(start) - end_now(behind)));
        auto place = index.body + 12 + 2 * old_width + 4;
        for (auto const reference : index.references) {
            auto const end = start + (reference & ~index_type_bit);
            auto const size = static_cast<std::uint64_t>(end_now(end) - end_now(start));
            put(place, 4, 4, (reference & index_type_bit) | (size & ~index_type_bit));
            start = end;
            place += 12;
        }
    }

    std::vector<Stretch> assembled() const {
        std::vector<Stretch> stretches;
        auto next = replacements_.begin();
        for (auto const& kept : segment_.kept_) {
            Stretch stretch;
            stretch.bytes.reserve(kept.bytes.size() + move_.inserted.size() + 16);
            auto const end = kept.begin + kept.bytes.size();
            auto place = kept.begin;
            auto const copy_up_to = [&](std::size_t limit) {
                auto const from =
                    kept.bytes.begin() + static_cast<std::ptrdiff_t>(place - kept.begin);
                stretch.bytes.insert(stretch.bytes.end(), from,
                                     from + static_cast<std::ptrdiff_t>(limit - place));
                place = limit;
            };
            for (; next != replacements_.end() && next->place < end; ++next) {
                copy_up_to(next->place);
                stretch.bytes.insert(stretch.bytes.end(), next->inserted.begin(),
                                     next->inserted.end());
                auto const number = next->number.begin();
                stretch.bytes.insert(stretch.bytes.end(), number,
                                     number + static_cast<std::ptrdiff_t>(next->number_size));
                place += next->removed;
            }
            copy_up_to(end);
            stretch.file_offset = end;
            stretch.file_bytes = kept.payload;
            stretches.push_back(std::move(stretch));
        }
        return stretches;
    }

    MovableSegment const& segment_;
    Move const& move_;
    std::vector<Replacement> replacements_;
    std::vector<Growth> growths_;
    std::vector<MovableSegment::Container> resized_; ///< tfdt, sidx
    std::vector<bool> index_is_wide_;
};

Result<std::vector<Stretch>> MovableSegment::moved(Move const& move) const {
    return SegmentWriter(*this, move).write();
}

} // namespace continuo::mp4
