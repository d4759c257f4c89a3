// The media playlists of all variants as one thing that grows by a step at a time: what is listed,
// what has left the window, and when its files may go. Pure.
#pragma once

#include "core/base/result.hpp"
#include "core/hls/cue_tags.hpp"
#include "core/hls/media_playlist.hpp"
#include "core/timeline/breaks.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace continuo::cli::resegment {

/// What one variant shows in a step.
struct ListedFile {
    std::string uri;
    Ticks90k duration{};
    std::optional<hls::ByteRange> range{};
    bool gap{false}; ///< it has nothing there, and nothing stands in
};

struct ListedStep {
    bool discontinuity{false};
    std::optional<hls::WallTime> date{};
    std::vector<timeline::BreakMark> marks{};
    std::vector<ListedFile> files; ///< one per variant
};

struct PlaylistRules {
    std::chrono::seconds target_duration{};
    std::optional<std::size_t> window{}; ///< segments listed at least; nothing: all
    hls::CueTags tags{};
};

class Playlists {
public:
    Playlists(std::size_t variants, PlaylistRules rules);

    /// Goes on behind what an earlier run listed: one text per variant. What follows begins with a
    /// discontinuity. Errors: `Errc::malformed` with the variant's number; `Errc::conflict` where
    /// the variants end at different numbers.
    Result<> resume(std::vector<std::string> const& texts);

    /// To be called before the first step is listed: players don't like it to change.
    void raise_target(std::chrono::seconds target);
    std::chrono::seconds target_duration() const noexcept { return rules_.target_duration; }

    /// Media sequence number of the next step.
    std::uint64_t next_number() const noexcept;
    /// Where the dates that are listed end; nothing where there are none.
    std::optional<hls::WallTime> end_date() const;
    /// A first step that is longer than the target duration raises it.
    void append(ListedStep step);

    /// A step that left the window: its files may go once `after` has passed.
    struct Departed {
        std::uint64_t number{};
        Ticks90k after{}; ///< its own duration and that of the longest list that had it
    };
    /// Shortens the lists to the window: its number of segments, or three target durations where
    /// that is longer (RFC 8216 §6.2.2).
    std::vector<Departed> shorten();

    /// Nothing follows.
    void end();

    std::string text(std::size_t variant) const { return hls::to_text(lists_[variant]); }

private:
    bool may_lose_first() const;
    void tell_break_again();

    PlaylistRules rules_;
    std::vector<hls::MediaPlaylist> lists_;
    std::deque<std::vector<timeline::BreakMark>> marks_; ///< of the steps that are listed
    std::deque<Ticks90k> longest_;                       ///< list that each of them was in
    bool joins_{false}; ///< the next step does not follow from the one before
};

} // namespace continuo::cli::resegment
