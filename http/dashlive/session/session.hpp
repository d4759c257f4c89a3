// A session at one instant: asset, options and now, and the answers that follow from them. Every
// question about which segments there are, what they are called and whether they can be had is
// asked here, by MPDs, by HLS playlists and by requests for segments alike. Pure.
//
// Three clocks: `now` is the session's wall clock. Media time counts from `epoch`, where the loop's
// index 0 begins. Period times count from `availability_start`, where the index `first_index`
// begins; the two are the same but for livesim1's timeoffset, and for cont.
#pragma once

#include "core/dash/date_time.hpp"
#include "core/timeline/addressing.hpp"
#include "http/dashlive/asset/asset.hpp"
#include "http/dashlive/options/options.hpp"

#include <boost/system/result.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

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

/// An end that MPDs announce from an instant on (stop: when it has passed).
struct Ending {
    DateTime at;
    DateTime announced;
};

class Session {
public:
    AssetPtr asset;
    std::shared_ptr<Options const> options;
    DateTime client_now;         ///< on the client's clock
    DateTime now;                ///< on the session's own clock (livesim2: moved by timeoffset)
    DateTime epoch;              ///< when the loop's index 0 begins
    DateTime availability_start; ///< AST, after startrel, modulo, cont and what rounds it
    /// What an MPD says now about its end (mediaPresentationDuration is this less AST): dur, as far
    /// as it is announced, modulo, tfdt_32, cont; stop, once it has passed.
    std::optional<DateTime> announced_end;
    std::vector<Ending> endings;              ///< of this start, one after the other
    std::optional<DateTime> availability_end; ///< stop, the last dur: the list grows no more
    bool is_over{false};                      ///< behind that end: the MPD is static
    milliseconds elapsed{};                   ///< since AST; never negative, nor behind the end
    std::int64_t first_number{};              ///< of the segment at AST
    std::int64_t first_index{};               ///< of the same segment in the loop
    milliseconds depth{};                     ///< timeShiftBufferDepth
    milliseconds ahead{};                     ///< availabilityTimeOffset

    /// Whatever the time: what can be had is asked below.
    /// Errors: 400 for options that this asset can't have, and for a time that nobody has.
    static Answer<Session> open(AssetPtr asset, std::shared_ptr<Options const> options,
                                DateTime now);

    /// minimumUpdatePeriod; none when the session is over.
    std::optional<milliseconds> update_period() const;

    /// When the segment at `index` can be had for the first time, whatever it is of: its pictures
    /// have ended, or will in `ahead`. `index`: as `interval_of` has it.
    DateTime available_at(std::int64_t index) const noexcept;

    /// By the clock of timeline::SegmentLoop, which begins at the loop's index 0.
    timeline::Availability availability() const noexcept {
        return {.now = now - epoch, .ahead = ahead, .depth = depth};
    }

    /// `index`: any that an answer here has given.
    std::int64_t number_of(std::int64_t index) const noexcept {
        return index - first_index + first_number;
    }
    /// `number`: not beyond number_of(end), where `end` is pictures().ended_by(max_elapsed). Less
    /// than 0 for one that never was.
    std::int64_t index_of(std::int64_t number) const noexcept {
        return number - first_number + first_index;
    }
};

/// A segment of a track, by its index since the loop's beginning, in units of the track's
/// timescale and as its tfdt has it less `Track::edit`.
struct Interval {
    std::int64_t start{};
    std::int64_t end{};

    friend bool operator==(Interval const&, Interval const&) = default;
};
/// `index`: not less than 0, of a segment that begins within timeline::max_elapsed. A track without
/// a loop and without sound is cut where the pictures are, rounded up to its own units.
Interval interval_of(Asset const& asset, Track const& track, std::int64_t index);

/// The segment of `track` that begins exactly at `time` (as the MPD has it); nothing where none
/// does.
std::optional<std::int64_t> index_at(Asset const& asset, Track const& track, std::int64_t time);

/// What a SegmentTimeline, or an HLS playlist, lists now; the same for all tracks: a segment is
/// there when its pictures have ended. It stays the same from one publication to the next, and
/// holds the whole time-shift buffer, with one segment in front of it where that can be had.
/// Frozen when the session is over.
timeline::IndexRange listed(Session const& session);

/// Whether the MPD is there: 425 before AST (/livesim2/ only; an MPD of /livesim/ is there before).
Answer<> manifest_available(Session const& session);

/// Whether initialisations can be had. Errors: 425 before AST less init.
Answer<> initialisation_available(Session const& session);

/// How long a segment can be had.
enum class Retention : std::uint8_t {
    dash, ///< timeShiftBufferDepth and 10 s, or the longest segment if that is longer
    hls,  ///< as long again as the longest list that has had it (RFC 8216 §6.2.2)
};

/// Whether the segment at `index` can be had. Errors: 425 and 410, by how much; 404 for one in
/// front of the first, or behind the end. What the last list of a session has, or a static MPD
/// names, stays for ever.
Answer<> available(Session const& session, std::int64_t index,
                   Retention retention = Retention::dash);

/// Whether a presentation ends with this segment for good (brand lmsg): dur, modulo, tfdt_32.
bool is_last(Session const& session, std::int64_t index);

/// publishTime of an MPD now, and when there will be another one; without `next`: never.
struct Publication {
    DateTime time;
    std::optional<DateTime> next;
};
Publication publication_of(Session const& session);

} // namespace continuo::dashlive
