// Drives a timeline as a channel does, and after every step holds it to what must always be true.
#pragma once

#include "supervisor/store/timeline.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace continuo::store {

using namespace std::chrono_literals;

inline constexpr WallTime wall_at_start{std::chrono::seconds{1'700'000'000}};

/// Target duration 6 s (so patience is 7.5 s), window 5, more budget than any test uses.
TimelineOptions options_for(std::vector<std::string> variants);

/// What a segmenter says of a segment.
struct Cut {
    Ticks90k start{};
    Ticks90k duration{4s};
    contract::SegmentEnd end{contract::SegmentEnd::grid};
    bool discontinuity{false};
    std::uint64_t bytes{1000};
    std::uint64_t bytes_beside{};
    std::vector<timeline::Cue> cues{};
    bool keyframe{true};
};

class Driver {
public:
    explicit Driver(TimelineOptions options, Resume resume = {.next_number = 100});

    void open(std::string const& run, std::optional<Reached> continues = std::nullopt);
    void air(std::string const& run, bool drain = true);
    void close(std::string const& run, bool tail_counts);
    Taken give(std::string const& run, std::size_t variant, Cut const& cut);
    /// To every variant, in their order.
    void give_all(std::string const& run, Cut const& cut);
    /// Gives the segments [first, last) of 4 s each to every variant, in real time.
    void play(std::string const& run, int first, int last);
    /// Lets time pass as a channel's timer does: from deadline to deadline.
    void pass(std::chrono::nanoseconds time);
    /// One look of the channel at its timeline.
    void step();

    Timeline& timeline() { return timeline_; }
    SteadyTime now() const { return now_; }
    /// Since the start.
    std::chrono::duration<double> clock() const { return now_ - start_; }

    contract::ChannelSnapshot snapshot() const { return timeline_.snapshot(); }
    /// The list of a variant: "100 !101 102*": ! a discontinuity, * a sibling's file.
    std::string list(std::size_t variant) const;
    /// The starts in seconds of the last list: "0 4 8".
    std::string starts() const;
    /// Number of the newest segment.
    std::uint64_t newest() const { return snapshot().segments.back().number; }
    std::vector<std::string> take_notes();
    bool is_live(std::string const& path) const { return live_.contains(path); }
    std::size_t live_files() const { return live_.size(); }
    /// Since the start; when a number came on the list of a variant.
    std::chrono::duration<double> listed_at(std::size_t variant, std::uint64_t number) const;

    static constexpr auto start_of_clock = SteadyTime{1'000'000s};

private:
    struct Line {
        contract::TimelineSegment segment;
        std::chrono::nanoseconds list_duration{};
    };
    struct Player {
        std::optional<std::uint64_t> first;
        std::optional<std::uint64_t> last;
        SteadyTime grew{};
        std::optional<SteadyTime> sibling_ahead_since;
        std::map<std::uint64_t, std::string> seen;
        std::map<std::uint64_t, SteadyTime> when;
    };

    void check_snapshot(contract::ChannelSnapshot const& snapshot);
    void check_continuity(contract::ChannelSnapshot const& snapshot);
    void check_pace();
    void check_dates(contract::ChannelSnapshot const& snapshot);
    void check_breaks(contract::ChannelSnapshot const& snapshot);
    void check_players(contract::ChannelSnapshot const& snapshot);
    void check_waiting(std::vector<std::optional<std::uint64_t>> const& before);
    void check_files(contract::ChannelSnapshot const& snapshot);
    void note_removals(contract::ChannelSnapshot const& before,
                       contract::ChannelSnapshot const& after);

    TimelineOptions options_;
    SteadyTime start_{start_of_clock};
    SteadyTime now_{start_of_clock};
    std::uint64_t first_discontinuity_sequence_;
    Timeline timeline_;
    contract::ChannelSnapshot published_;
    std::map<std::string, unsigned> given_;
    std::map<std::string, std::uint64_t> live_;
    std::set<std::string> unlinked_;
    std::map<std::string, SteadyTime> stays_until_;
    std::map<std::uint64_t, contract::TimelineSegment> ever_;
    std::vector<Player> players_;
};

} // namespace continuo::store
