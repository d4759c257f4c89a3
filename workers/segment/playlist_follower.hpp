// Follows an HLS playlist: from what its loads brought to what is to be fetched next, when to load
// again, and when it is over. The head of `--from`; the shell around it fetches.
#pragma once

#include "core/base/ticks.hpp"
#include "core/hls/media_playlist.hpp"
#include "workers/segment/fetch_retry.hpp"
#include "workers/segment/input_facts.hpp"
#include "workers/segment/load_schedule.hpp"
#include "workers/segment/segment_dates.hpp"
#include "workers/segment/segment_key.hpp"
#include "workers/segment/wall_clock.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace continuo::segment {

/// An answer to a request for the playlist.
struct PlaylistLoad {
    WallClock::Time asked{};
    WallClock::Time came{};
    std::optional<Interval> published{}; ///< as far as the answer tells
    std::string name{};                  ///< of the playlist, for people
};

struct SegmentRequest {
    std::uint64_t number{};              ///< media sequence number
    std::string uri;                     ///< as the playlist writes it
    std::optional<hls::ByteRange> bytes; ///< its offset is always there
    std::optional<SegmentKey> key{};
    /// How many are tagged between what was requested before and this.
    unsigned discontinuities{};

    friend bool operator==(SegmentRequest const&, SegmentRequest const&) = default;
};

/// What is wanted of a playlist.
struct FollowRules {
    std::optional<hls::WallTime> at{}; ///< the date of the first picture; without: the live edge
    /// Every segment from the first listed one on: what can't be had is waited for longer.
    bool from_start{false};
    bool replay{false}; ///< what has ended begins again
    /// A list that is not ended has, when it has brought nothing new for so long. Without: never,
    /// and ten target durations with `from_start`.
    std::optional<std::chrono::milliseconds> idle{};
};

/// Pure. At most one load of the playlist and one fetch of a segment are under way at a time: the
/// caller does what is due, reports what became of it, and asks again.
class PlaylistFollower {
public:
    using Time = WallClock::Time;

    PlaylistFollower(WallClock const& clock, FollowRules const& rules, Time now);

    /// When the playlist is to be loaded; nothing when never again.
    std::optional<Time> load_due() const noexcept;
    /// False when the text was no use: the next answer must bring one.
    bool loaded(std::string_view text, PlaylistLoad const& load);
    /// The answer said that the text is the one that came before.
    void unchanged(PlaylistLoad const& load);
    void load_failed(std::string reason, Time asked, Time now);
    /// The media playlist that a multivariant one led to, as written there: what is to be loaded
    /// from then on.
    std::optional<std::string> const& variant_uri() const noexcept { return variant_uri_; }

    /// When the next segment is to be fetched; nothing while there is none, or one is under way.
    std::optional<Time> fetch_due() const noexcept;
    /// The fetch that was due begins.
    SegmentRequest begin_fetch();
    /// Its first bytes go on.
    void delivering();
    void fetched();
    void fetch_failed(FetchFailure failure, Time now);

    /// What was found is nothing to go on with.
    void stop(InputEnd::Why why, std::string reason = {});

    /// Known once bytes were delivered. Its date is corrected as the next few loads tell better.
    std::optional<RunStart> const& start() const noexcept { return start_; }
    std::optional<InputEnd> const& end() const noexcept { return end_; }
    void remark(std::string line) { remarks_.push_back(std::move(line)); }
    /// What went wrong last, while no segment has come since: it is tried again, or the end.
    std::string const& trouble() const noexcept { return trouble_; }
    /// What an operator should know, a line each.
    std::vector<std::string> take_remarks() { return std::exchange(remarks_, {}); }

private:
    bool take_variants(std::string_view text, PlaylistLoad const& load);
    bool take_list(hls::MediaPlaylist list, PlaylistLoad const& load);
    bool replace_list(hls::MediaPlaylist list, PlaylistLoad const& load);
    bool refuse(std::string const& reason, PlaylistLoad const& load);
    bool begin(PlaylistLoad const& load);
    void begin_anew(hls::MediaPlaylist const& list);
    bool is_behind_for_good(Time now);
    void correct_start(std::chrono::microseconds by);
    void advance_to(std::uint64_t number);
    void pass_what_is_not_there();
    void give_up_when_nothing_comes(Time now);
    void end_when_idle(Time now);
    void end_of_list();
    void begin_next_lap();
    std::chrono::milliseconds patience() const noexcept;
    hls::MediaSegment const* next_segment() const noexcept;

    WallClock clock_;
    FollowRules rules_;
    LoadSchedule schedule_;
    std::optional<std::string> variant_uri_;
    std::string name_; ///< of what was loaded last

    hls::MediaPlaylist list_; ///< the newest version; without segments before there was one
    Dates dates_;             ///< of `list_`
    std::optional<Interval> published_; ///< `list_`, as far as the answer to the first load told
    std::optional<Time> asked_before_;  ///< when the load before the newest one began
    std::optional<Time> behind_since_;  ///< since when loads bring older versions than `list_`

    bool has_begun_{false};
    bool begins_at_{false};        ///< `rules_.at` decided where
    std::uint64_t next_{};         ///< number of the segment to be fetched, or under way
    std::uint64_t tags_read_to_{}; ///< number behind the last segment whose tag was counted
    unsigned discontinuities_{};   ///< in front of the next request
    bool is_fetching_{false};
    bool fetch_is_foreign_{false}; ///< it was begun before the playlist began anew
    FetchRetry retry_;
    std::optional<Time> missing_since_; ///< since when no segment came whole
    std::string missing_reason_;        ///< of the latest
    bool lap_has_segments_{false};      ///< some were fetched since the list began
    std::optional<Time> news_at_;       ///< when there was something to fetch, the last time

    hls::WallTime fetch_date_{}; ///< when what is fetched begins
    std::optional<RunStart> start_;
    int corrections_left_{}; ///< of its date

    std::optional<InputEnd> end_;
    std::vector<std::string> remarks_;
    std::string trouble_;
};

} // namespace continuo::segment
