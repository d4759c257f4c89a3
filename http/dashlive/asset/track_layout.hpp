// The segments of one track laid end to end, as their own times have it. For asset_track.cpp. Pure.
#pragma once

#include "http/dashlive/asset/asset.hpp"
#include "http/dashlive/asset/facts.hpp"
#include "http/storage/refusal.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace continuo::dashlive {

/// In units of the track's timescale.
struct TrackLayout {
    std::int64_t first_time{};
    std::vector<std::int64_t> starts; ///< of all segments, from the first on
    std::int64_t length{};
    std::size_t gaps{}; ///< segments that do not follow the one before to the unit
};

/// Refused, by how much: a segment (but of text) that begins a frame or more before or behind the
/// end of the one before, segments that last no time, clocks and times that can't be.
storage::Accepted<TrackLayout> layout_of(TrackFacts const& facts);

/// "segment 3 ("V300/3.m4s")".
std::string name_of_segment(std::size_t index, FilePart const& part);

/// "0.480 s".
std::string seconds_text(std::int64_t units, std::uint32_t timescale);

} // namespace continuo::dashlive
