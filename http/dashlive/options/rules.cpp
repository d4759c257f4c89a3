// What options have to do with each other: none may silently do nothing, and no two may ask for
// opposite things.
#include "http/dashlive/options/draft.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace continuo::dashlive {
namespace {

/// Without one of `others`, `key` would do nothing.
struct Need {
    std::string_view key;
    std::array<std::string_view, 2> others;
};
constexpr auto needs = std::to_array<Need>({
    {"continuous", {"periods"}},
    {"etp", {"periods"}},
    {"etpDuration", {"etp"}},
    {"xlink", {"periods"}},
    {"insertad", {"periods"}},
    {"peroff", {"periods"}},
    {"mpdcallback", {"periods"}},
    {"segtimelineloss", {"baseurl"}},
    {"segtimelineloss", {"segtimeline", "segtimelinenr"}},
    {"ltgt", {"chunkdur"}},
    {"ltgt", {"ato"}},
    {"chunkdurssr", {"ssras"}},
    {"timesubsdur", {"timesubsstpp", "timesubswvtt"}},
    {"timesubsreg", {"timesubsstpp", "timesubswvtt"}},
});

/// Two that contradict each other.
struct Clash {
    std::string_view key, other;
};
constexpr auto clashes = std::to_array<Clash>({
    {"segtimeline", "segtimelinenr"},
    {"start", "startrel"},
    {"ast", "startrel"},
    {"stop", "stoprel"},
    {"dur", "stop"},
    {"dur", "stoprel"},
    // these three say themselves when a session begins and ends
    {"modulo", "start"},
    {"modulo", "ast"},
    {"modulo", "startrel"},
    {"modulo", "stop"},
    {"modulo", "stoprel"},
    {"modulo", "dur"},
    {"modulo", "tfdt"},
    {"modulo", "cont"},
    {"modulo", "timeoffset"},
    {"tfdt", "startrel"},
    {"tfdt", "stop"},
    {"tfdt", "stoprel"},
    {"tfdt", "dur"},
    {"tfdt", "cont"},
    {"cont", "stop"},
    {"cont", "stoprel"},
    {"cont", "dur"},
    {"cont", "periods"},      // which count from a start that doesn't move
    {"ssras", "segtimeline"}, // parts have numbers
    {"traffic", "baseurl"},
});

std::optional<OptionError> refused(OptionDraft const& draft, std::string_view key,
                                   std::string reason) {
    auto const* const part = draft.find(key);
    return OptionError{.option = std::string(part ? part->text : key), .reason = std::move(reason)};
}

std::optional<OptionError> unmet_need(OptionDraft const& draft) {
    for (auto const& [key, others] : needs) {
        if (!draft.find(key) || draft.find(others[0]) || draft.find(others[1])) continue;
        return refused(draft, key,
                       others[1].empty()
                           ? fmt::format("does nothing without {}_", others[0])
                           : fmt::format("does nothing without {}_ or {}_", others[0], others[1]));
    }
    return std::nullopt;
}

std::optional<OptionError> repeated_timeline(OptionDraft const& draft) {
    for (std::string_view const key : {"segtimeline", "segtimelinenr"})
        if (std::ranges::count(draft.parts, key, &OptionDraft::Part::key) > 1)
            return refused(draft, key, "stands twice");
    return std::nullopt;
}

std::optional<OptionError> clash(OptionDraft const& draft) {
    for (auto const& [key, other] : clashes) {
        if (!draft.find(key) || !draft.find(other)) continue;
        return refused(draft, key, fmt::format("can't stand with {}", draft.find(other)->text));
    }
    return std::nullopt;
}

std::optional<OptionError> clash_of_dialect(OptionDraft const& draft) {
    auto const& options = draft.options;
    // In livesim1 timeoffset_ lets times begin far from 0.
    if (options.dialect == Dialect::livesim1 && options.keeps_times_short && options.time_offset)
        return refused(draft, "tfdt", "can't stand with timeoffset_");
    return std::nullopt;
}

std::optional<OptionError> endless_list(OptionDraft const& draft) {
    auto const& options = draft.options;
    if (!options.is_ahead_for_ever) return std::nullopt;
    if (options.addressing != Addressing::number)
        return refused(draft, "ato", "can't stand with a SegmentTimeline, which would have no end");
    if (options.latency_target) return refused(draft, "ltgt", "can't stand with ato_inf");
    return std::nullopt;
}

std::optional<OptionError> reversed_times(OptionDraft const& draft) {
    auto const& options = draft.options;
    auto const is_reversed = [](auto const& start, auto const& stop) {
        return start && stop && *stop <= *start;
    };
    if (is_reversed(options.start, options.stop))
        return refused(draft, "stop", "is not behind the start");
    if (is_reversed(options.start_relative, options.stop_relative))
        return refused(draft, "stoprel", "is not behind the start");
    return std::nullopt;
}

std::optional<OptionError> overcrowded_hour(OptionDraft const& draft) {
    auto const& options = draft.options;
    if (!options.periods_per_hour) return std::nullopt;
    auto const periods = *options.periods_per_hour;
    for (auto const& [key, count] : {std::pair{"etp", options.early_terminations_per_hour},
                                     {"xlink", options.xlinks_per_hour},
                                     {"insertad", options.advertisements_per_hour},
                                     {"mpdcallback", options.callbacks_per_hour}})
        if (count && *count > periods)
            return refused(draft, key,
                           fmt::format("can't be more than the {} periods of an hour", periods));
    if (options.early_termination && options.early_termination->count() >= 3600 / periods)
        return refused(draft, "etpDuration",
                       fmt::format("is not less than a period, which has {} s", 3600 / periods));
    return std::nullopt;
}

std::optional<OptionError> part_without_set(OptionDraft const& draft) {
    for (auto const& part : draft.part_durations)
        if (std::ranges::find(draft.options.sub_segments, part.adaptation_set,
                              &SubSegmentSet::adaptation_set) == draft.options.sub_segments.end())
            return refused(draft, "chunkdurssr",
                           fmt::format("has the set {}, which ssras_ hasn't", part.adaptation_set));
    return std::nullopt;
}

} // namespace

OptionDraft::Part const* OptionDraft::find(std::string_view key) const noexcept {
    auto const part = std::find_if(parts.rbegin(), parts.rend(),
                                   [&](Part const& candidate) { return candidate.key == key; });
    return part == parts.rend() ? nullptr : &*part;
}

std::optional<OptionError> contradiction_in(OptionDraft const& draft) {
    for (auto const rule : {repeated_timeline, unmet_need, clash, clash_of_dialect, endless_list,
                            reversed_times, overcrowded_hour, part_without_set})
        if (auto error = rule(draft)) return error;
    return std::nullopt;
}

} // namespace continuo::dashlive
