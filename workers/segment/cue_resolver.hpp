// Finds the picture that each splice happens at: the first random-access point at or after its
// time. The ladder's leader alone asks it, so that all variants have a cue at one place.
#pragma once

#include "core/timeline/cue.hpp"
#include "workers/segment/splice_request.hpp"

#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace continuo::segment {

/// What a random-access point begins beside the grid.
struct Opening {
    std::vector<timeline::Cue> cues; ///< by splice time; of one time those that end a break first
    bool returns{false};             ///< the planned time of a break is over

    friend bool operator==(Opening const&, Opening const&) = default;
};

/// Pure; on the 33-bit clock, so a splice can be 13 h ahead at most. Requests come in any order,
/// before the picture that they want; of two that are the same the second is dropped, since
/// encoders repeat what they announce.
class CueResolver {
public:
    static constexpr std::size_t max_pending = 1000; ///< more are refused
    static constexpr std::size_t memory = 1000;      ///< splices by which a repetition is known
    static constexpr unsigned max_late_remarks = 20; ///< about cues of the stream itself

    /// `replays`: the input may begin again, and what files ask for counts in each lap.
    explicit CueResolver(bool replays = false) noexcept : replays_(replays) {}

    /// A splice whose time lies behind the newest picture is late and dropped; one without a time
    /// never is. A cancel drops what is still ahead of its event.
    void add(SpliceRequest request);

    /// What another in our place had decided for `pts`: to be told before any request.
    void recall(std::span<timeline::Cue const> cues, Ticks90k pts);

    /// Who decides what begins at a picture.
    enum class Turn : std::uint8_t {
        ours,
        passed, ///< another did: what files want "now" waits until it is our turn
    };
    /// Each picture, in decoding order.
    void pass(Ticks90k pts, Turn turn = Turn::ours);
    /// What begins at a random-access point; `pts` has been passed.
    Opening at_keyframe(Ticks90k pts);

    /// The clock starts anew with the next picture: what the stream announced is void, what files
    /// ask for stays, and planned returns keep their distance.
    /// `picture_length`: the newest picture's, from whose end returns are counted on.
    void restart_clock(Ticks90k picture_length);

    /// What was dropped and why, a line each, for the operator; each is told once.
    std::vector<std::string> take_remarks();

private:
    struct Splice {
        SpliceRequest asked;
        std::optional<Ticks90k> time; ///< 33 bit; nothing while there is no clock to count from

        bool is_at_once() const noexcept {
            return !asked.event.time && asked.after == Ticks90k::zero();
        }
    };
    /// A break that ends by itself.
    struct Return {
        std::uint32_t event_id{};
        std::optional<Ticks90k> at; ///< nothing while the clock starts anew
        Ticks90k rest{};            ///< then: after its first picture
    };

    void cancel(scte35::Event const& event);
    bool is_known(Splice const& splice) const;
    bool is_late(Splice const& splice) const noexcept;
    bool is_counted_from_newest(Splice const& splice) const noexcept;
    bool was_recalled(SpliceRequest const& request);
    void begin_clock(Ticks90k pts);
    void resolve_waiting();
    void rearm();
    void drop_late(Splice splice);
    void remember(Splice splice);
    std::vector<Splice> take_due(Ticks90k pts);
    void follow(timeline::Cue const& cue, Ticks90k pts);
    bool take_returns(Ticks90k pts);

    bool replays_{false};
    Turn turn_{Turn::ours};
    std::optional<Ticks90k> first_;  ///< PTS of the very first picture
    std::optional<Ticks90k> newest_; ///< the latest picture's PTS in presentation order
    std::vector<Splice> pending_;
    std::deque<Splice> known_;          ///< done or dropped, the oldest first
    std::vector<std::string> recalled_; ///< sections that need not be done again
    std::vector<Return> returns_;
    std::string latest_section_; ///< of the cue that was done last, while nothing followed it
    std::vector<std::string> remarks_;
    unsigned late_remarks_{};
    bool is_full_{false}; ///< and it was said
};

} // namespace continuo::segment
