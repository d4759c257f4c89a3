// Which pictures begin a segment: the cut rule (core/timeline/grid) with what it is given, the grid
// and the cuts, and with what a leader decides by itself, so that no segment grows too long.
#pragma once

#include "core/contract/run_directory.hpp"
#include "workers/segment/picture_clock.hpp"
#include "workers/segment/picture_gate.hpp"
#include "workers/segment/rules.hpp"

#include <array>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace continuo::segment {

/// A picture of an open segment.
struct Place {
    Picture const& picture;
    Ticks90k media_time{};     ///< of it, since the run's first picture
    Ticks90k picture_length{}; ///< as the latest ones are
    Ticks90k length{};         ///< of the segment up to it, by PTS
};

/// One run's; pure.
class CutRule {
public:
    using End = contract::SegmentEnd;

    /// Beyond the longest GOP, while a keyframe is waited for.
    static constexpr Ticks90k patience{90'000};

    /// The first GOP is known by its end.
    struct Found {
        Ticks90k first_gop{};
    };
    /// The source can't be cut by these rules.
    struct Unusable {
        std::string reason;
    };
    using GridSearch = std::variant<std::monostate, Found, Unusable>;

    /// How the segment ends in front of the picture; `decided`: by a cut that others have to know.
    struct Verdict {
        std::optional<End> end{};
        std::optional<contract::Cut> decided{};
    };

    explicit CutRule(Rules const& rules);

    void add_cut(contract::Cut const& cut);

    bool has_grid() const noexcept { return grid_.has_value(); }
    std::optional<timeline::Grid> const& grid() const noexcept { return grid_; }
    /// To be asked at each picture while there is no grid, by the one that leads.
    GridSearch look_for_grid(Place const& place);
    /// The input ended within its first GOP, which is so long; `last_picture` begins at its end.
    void settle_for(Ticks90k last_picture) { raise_target(last_picture); }

    Verdict at(Place const& place);
    /// With the picture a GOP begins.
    void begin_gop(Ticks90k pts, Ticks90k media_time);
    /// A segment begins; returns the cues that are to open it.
    std::vector<timeline::Cue> open_segment(Ticks90k pts);
    /// Another clock begins, with a grid of its own.
    void begin_stretch();

    Ticks90k target_duration() const noexcept { return target_duration_; }
    /// How long the first GOP may become before it is cut.
    Ticks90k longest_gop() const noexcept;
    /// Whether a segment of this length would be listed as longer than the target duration with
    /// another picture.
    bool is_full(Ticks90k length, Ticks90k picture_length) const noexcept;

private:
    Verdict at_keyframe(Place const& place);
    Verdict between_keyframes(Place const& place);
    Verdict cut_at(Place const& place, End end);
    bool is_too_long_with_another_gop(Place const& place) const;
    void raise_target(Ticks90k last_picture);

    Rules rules_;
    std::optional<timeline::Grid> grid_;
    Ticks90k target_duration_;
    bool may_raise_target_;
    timeline::Cuts cuts_;
    timeline::Cuts overlong_cuts_;                ///< those of them that need no keyframe
    std::multimap<Ticks90k, timeline::Cue> cues_; ///< what opens at those of them
    std::optional<Ticks90k> keyframe_;            ///< the latest one's PTS
    Ticks90k keyframe_media_time_{};
    std::array<Ticks90k, 8> gops_{}; ///< how far apart the latest keyframes were
    std::size_t gop_count_{};
    unsigned segments_{}; ///< begun
};

} // namespace continuo::segment
