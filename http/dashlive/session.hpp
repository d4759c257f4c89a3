// A session at one instant: asset, options and now, and the answers that follow from them. Every
// question about which segments there are, what they are called and whether they can be had is
// asked here, by MPDs, by HLS playlists and by requests for segments alike. Pure.
#pragma once

#include "core/dash/date_time.hpp"
#include "core/timeline/addressing.hpp"
#include "http/dashlive/asset.hpp"
#include "http/dashlive/options.hpp"

#include <boost/system/result.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace continuo::dashlive {

using dash::DateTime;
using std::chrono::milliseconds;

/// Why there is no answer: a status of HTTP and one line for a person. No number turns into one by
/// itself.
struct Refusal {
    unsigned status{};
    std::string detail; ///< "too early by 250 ms"
};
template <class T = void>
using Answer = boost::system::result<T, Refusal>;

class Session {
public:
    AssetPtr asset;
    std::shared_ptr<Options const> options;
    DateTime now;                ///< on the session's own clock
    DateTime availability_start; ///< AST, after startrel, modulo, cont and what rounds it
    std::optional<DateTime> availability_end; ///< stop, dur: the list grows no more
    bool is_over{false};                      ///< the MPD is static
    milliseconds elapsed{};                   ///< since AST, never behind the end
    std::int64_t first_number{};              ///< of the segment at AST
    std::int64_t first_index{}; ///< of the same segment in the loop: not 0 where time counts from
                                ///< another epoch than AST (livesim1)
    milliseconds depth{};       ///< timeShiftBufferDepth
    milliseconds ahead{};       ///< availabilityTimeOffset

    /// Errors: 425 before AST; 400 for options that this asset can't have.
    static Answer<Session> open(AssetPtr asset, std::shared_ptr<Options const> options,
                                DateTime now);

    /// By the clock of timeline::SegmentLoop, which begins at the loop's index 0.
    timeline::Availability availability() const;

    std::int64_t number_of(std::int64_t index) const noexcept {
        return index - first_index + first_number;
    }
    std::int64_t index_of(std::int64_t number) const noexcept {
        return number - first_number + first_index;
    }
};

/// A segment of a track, by its index since the loop's beginning, in units of the track's
/// timescale and as its tfdt has it less `Track::edit`.
struct Interval {
    std::int64_t start{};
    std::int64_t end{};
};
Interval interval_of(Asset const& asset, Track const& track, std::int64_t index);

/// The segment of `track` that begins exactly at `time` (as the MPD has it); nothing where none
/// does.
std::optional<std::int64_t> index_at(Asset const& asset, Track const& track, std::int64_t time);

/// What a SegmentTimeline, or an HLS playlist, lists now; the same for all tracks: a segment is
/// there when its pictures have ended.
timeline::IndexRange listed(Session const& session);

/// Whether the segment at `index` can be had. Errors: 425, 410, 404 for one before the first.
Answer<> available(Session const& session, std::int64_t index);

/// publishTime of an MPD now, and when there will be another one.
struct Publication {
    DateTime time;
    std::optional<DateTime> next;
};
Publication publication_of(Session const& session);

} // namespace continuo::dashlive
