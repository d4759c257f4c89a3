// What a splice_info_section asks of a stream: breaks that begin, end or are called off. Between
// the standard's many ways to say so and the one `timeline::Cue`.
#pragma once

#include "core/scte35/splice_info.hpp"

namespace continuo::scte35 {

struct Event {
    enum class Kind : std::uint8_t {
        out,    ///< a break begins
        in,     ///< it ends
        cancel, ///< what the event announced will not happen
    };
    Kind kind{Kind::out};
    std::uint32_t event_id{};          ///< splice_event_id or segmentation_event_id
    bool by_segmentation{false};       ///< the latter: the two are numbered apart
    std::optional<Ticks90k> time{};    ///< 33 bit, pts_adjustment added; none: now
    std::optional<Ticks90k> planned{}; ///< of `out`: break_duration or segmentation_duration
    bool auto_return{false};           ///< of `out`: it ends by itself once `planned` is over
    friend bool operator==(Event const&, Event const&) = default;
};

/// In the order of the section. splice_insert: out, in or cancel, as it says. time_signal: one for
/// each segmentation descriptor whose type begins a break and that has a duration (out, with
/// `auto_return`), whose type ends one (in), or that cancels. Other commands, and encrypted ones,
/// ask for nothing.
std::vector<Event> events_of(SpliceInfo const& info);

/// Types of segmentation that begin a break (Program, Chapter, Break, Advertisement, Placement
/// Opportunity, Promo, Ad Block Start); the type after each ends it.
bool begins_break(std::uint8_t segmentation_type_id) noexcept;
bool ends_break(std::uint8_t segmentation_type_id) noexcept;

} // namespace continuo::scte35
