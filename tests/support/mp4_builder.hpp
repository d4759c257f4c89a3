// Fragmented MP4 put together in tests: boxes, initialisation sections and fragments whose samples
// are nothing but their times.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string_view>
#include <vector>

namespace continuo::test::fmp4 {

using Bytes = std::vector<std::uint8_t>;

/// Big-endian.
Bytes number(std::uint64_t value, std::size_t bytes);
Bytes joined(std::initializer_list<Bytes> parts);

Bytes box(std::string_view type, Bytes const& body);
Bytes full_box(std::string_view type, std::uint8_t version, std::uint32_t flags, Bytes const& body);
/// With its size in 64 bits.
Bytes large_box(std::string_view type, Bytes const& body);

struct TestEdit {
    std::uint64_t duration{};
    std::int64_t media_time{};
};

struct TestTrack {
    std::uint32_t id = 1;
    std::uint32_t timescale = 12'800;
    std::string_view handler = "vide";
    Bytes sample_entry{}; ///< a box; `avc_entry()` or `aac_entry()` where it is empty
    std::vector<TestEdit> edits{};
    std::uint32_t default_duration{}; ///< of trex
    std::uint32_t default_flags{};
    std::uint8_t version{}; ///< of tkhd, mdhd and elst
};

Bytes avc_entry();
Bytes aac_entry();
/// ftyp and moov, the movie's timescale being 1000.
Bytes init_of(std::vector<TestTrack> const& tracks);

struct TestSample {
    std::uint32_t duration{};
    std::int32_t composition_offset{};
    bool is_sync{false};
};

struct TestTrackFragment {
    std::uint32_t track = 1;
    std::optional<std::uint64_t> decode_time{}; ///< no tfdt without
    std::vector<std::vector<TestSample>> runs{};
};

inline constexpr std::uint32_t sync_flags = 0x0200'0000; ///< an I picture
inline constexpr std::uint32_t other_flags = 0x0101'0000;

/// moof and mdat; each sample has all four fields of its own.
Bytes fragment_of(std::vector<TestTrackFragment> const& tracks);

/// `count` pictures of `duration`, the first one a keyframe; with B-frames, shown a picture late.
std::vector<TestSample> pictures(unsigned count, std::uint32_t duration, bool b_frames = false);

} // namespace continuo::test::fmp4
