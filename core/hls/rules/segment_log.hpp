// The segments of one stream from their first sight until their time is over: which ones the shell
// has to fetch and when, and the rules about what it got.
#pragma once

#include "core/hls/rules/finding.hpp"
#include "core/hls/rules/media_rules.hpp"
#include "core/hls/rules/observation.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace continuo::hls::rules {

/// What is known of one segment.
struct SegmentRecord {
    MediaSegment listed;
    std::uint64_t number{};
    std::uint64_t discontinuity_number{};
    std::optional<WallTime> date;      ///< its own or counted
    std::optional<ByteRange> range;    ///< with its offset, whatever was written
    bool listed_at_first_sight{false}; ///< it was there before we looked
    Ticks90k longest_list{};           ///< of the versions that had it
    std::optional<WallTime>
        due; ///< when it may go: removed, or its stream over, and the time after that passed
    bool stream_over{false}; ///< `due` comes from the end of the stream
    bool asked{false};
    bool asked_again{false};
    std::optional<Content> content;    ///< of its first fetch
    std::optional<SegmentFacts> facts; ///< the same
};

/// Rules 4, 7, 12, 13, 16 (segments after the end) and 23.
class SegmentLog {
public:
    /// A new version. `listed_until`: when what it lacks was surely still listed.
    void list(MediaPlaylist const& playlist, WallTime listed_until);
    /// The multivariant playlist promises independent segments.
    void expect_keyframes() noexcept { keyframes_expected_ = true; }
    /// The stream ended, or went: what is listed has to stay for the length of the list.
    void stop(WallTime listed_until);

    /// Numbers to fetch now, each given once. Of what was there before we looked, the first and the
    /// newest ones only.
    std::vector<std::uint64_t> take_new();
    /// Numbers to fetch once more, since the time that they have to stay is almost over; with
    /// `everything` also those whose time is not.
    std::vector<std::uint64_t> take_due(WallTime now, bool everything);
    /// When `take_due` has something next.
    std::optional<WallTime> next_due() const noexcept;

    /// `facts`: what was measured in the body, or why that could not be.
    Remarks saw(std::uint64_t number, Response const& response, Content const& content,
                Result<SegmentFacts> const& facts);
    Remarks saw_again(std::uint64_t number, Response const& response, Content const& content);
    /// What can be said only when nothing comes any more.
    Remarks finish() const;

    std::map<std::uint64_t, SegmentRecord> const& records() const noexcept { return records_; }
    /// The record of a number that was listed; null else.
    SegmentRecord const* find(std::uint64_t number) const noexcept;

private:
    void start_retention(SegmentRecord& record, WallTime listed_until, Ticks90k length);
    Remarks check_media(SegmentRecord const& record) const;

    std::map<std::uint64_t, SegmentRecord> records_;
    std::map<std::string, Content> contents_; ///< by URI and range
    std::uint64_t first_{};                   ///< of the newest version
    bool started_{false};
    bool stopped_{false};
    bool keyframes_expected_{false};
    int version_{};
};

} // namespace continuo::hls::rules
