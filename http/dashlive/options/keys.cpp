// Which options there are, and what each puts into a session's options.
#include "core/timeline/addressing.hpp"
#include "http/dashlive/options/draft.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace continuo::dashlive {
namespace {

using std::chrono::seconds;

constexpr Bounds any_time{0, timeline::max_elapsed.count()};
constexpr Bounds any_distance{-timeline::max_elapsed.count(), timeline::max_elapsed.count()};
constexpr Bounds a_year{0, 366 * 86'400};
constexpr Bounds an_hour{1, 3600};
constexpr Bounds per_hour{1, 360};

template <class Value, class Target>
Parsed<> put(Parsed<Value>&& value, Target& target) {
    if (!value) return value.error();
    target = std::move(*value);
    return {};
}

Parsed<> put_presence(std::string_view value, bool& target) {
    auto const presence = parse_presence(value);
    if (presence) target = true;
    return presence;
}

template <Addressing addressing>
Parsed<> set_timeline(OptionDraft& draft, std::string_view value) {
    if (value != "1" && value != "pattern") return wanted("1 or pattern");
    draft.options.addressing = addressing;
    draft.options.has_patterns = value == "pattern";
    return {};
}

Parsed<> set_start_number(OptionDraft& draft, std::string_view value) {
    constexpr std::int64_t most = (std::int64_t{1} << 53) - 1; // what all clients can count to
    auto const least = draft.options.dialect == Dialect::livesim1 ? -1 : 0;
    return put(parse_integer(value, {least, most}, "a whole number"), draft.options.start_number);
}

Parsed<> set_short_times(OptionDraft& draft, std::string_view value) {
    if (value != "32") return wanted("32");
    draft.options.keeps_times_short = true;
    return {};
}

template <std::optional<seconds> Options::*member>
Parsed<> set_time(OptionDraft& draft, std::string_view value) {
    return put(parse_seconds(value, any_time), draft.options.*member);
}
template <std::optional<seconds> Options::*member>
Parsed<> set_distance(OptionDraft& draft, std::string_view value) {
    return put(parse_seconds(value, any_distance), draft.options.*member);
}
template <std::optional<seconds> Options::*member>
Parsed<> set_length(OptionDraft& draft, std::string_view value) {
    return put(parse_seconds(value, {1, any_time.most}), draft.options.*member);
}
template <std::optional<std::uint32_t> Options::*member>
Parsed<> set_per_hour(OptionDraft& draft, std::string_view value) {
    return put(parse_count(value, per_hour, "how many an hour"), draft.options.*member);
}
template <bool Options::*member>
Parsed<> set_presence(OptionDraft& draft, std::string_view value) {
    return put_presence(value, draft.options.*member);
}

Parsed<> set_time_offset(OptionDraft& draft, std::string_view value) {
    auto& target = draft.options.time_offset;
    if (draft.options.dialect == Dialect::livesim1)
        return put(parse_seconds(value, any_time), target);
    return put(parse_decimal_seconds(value, any_distance), target);
}

Parsed<> set_depth(OptionDraft& draft, std::string_view value) {
    auto const most = draft.limits.time_shift_buffer_depth.value_or(timeline::max_elapsed);
    return put(parse_seconds(value, {0, most.count()}), draft.options.time_shift_buffer_depth);
}

Parsed<> set_ahead(OptionDraft& draft, std::string_view value) {
    auto& options = draft.options;
    options.is_ahead_for_ever = value == "inf";
    options.ahead.reset();
    if (options.is_ahead_for_ever) return {};
    auto const is_clamped = options.dialect == Dialect::livesim1;
    auto const ahead =
        parse_decimal_seconds(value, is_clamped ? Bounds{-a_year.most, a_year.most} : a_year);
    if (!ahead) return wanted(ahead.error().wanted + ", or inf");
    options.ahead = std::max(*ahead, std::chrono::milliseconds{0});
    return {};
}

Parsed<> add_duration(OptionDraft& draft, std::string_view value) {
    constexpr std::size_t most_extensions = 16;
    auto& durations = draft.options.durations;
    auto const duration = parse_seconds(value, {1, any_time.most / most_extensions});
    if (!duration) return duration.error();
    if (durations.size() == most_extensions) return wanted("to stand up to 16 times");
    durations.push_back(*duration);
    return {};
}

Parsed<> set_initialisation_ahead(OptionDraft& draft, std::string_view value) {
    return put(parse_seconds(value, any_time), draft.options.initialisation_ahead);
}

Parsed<> set_modulo(OptionDraft& draft, std::string_view value) {
    constexpr Bounds a_week{1, 7 * 24 * 60};
    auto const minutes = parse_integer(value, a_week, "whole minutes");
    if (!minutes) return minutes.error();
    draft.options.modulo = std::chrono::minutes(*minutes);
    return {};
}

Parsed<> set_utc(OptionDraft& draft, std::string_view value) {
    auto& options = draft.options;
    options.keeps_utc = value == "keep";
    options.utc.reset();
    if (options.keeps_utc) return {};
    if (value == "none") {
        options.utc.emplace();
        return {};
    }
    return put(parse_utc_methods(value), options.utc);
}

Parsed<> set_periods(OptionDraft& draft, std::string_view value) {
    auto& target = draft.options.periods_per_hour;
    if (draft.options.dialect == Dialect::livesim2)
        return put(parse_count(value, per_hour, "how many an hour"), target);
    constexpr std::array<std::uint32_t, 13> allowed{0, 1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30, 60};
    auto const count = parse_count(value, {0, 60}, {});
    if (!count || std::ranges::find(allowed, *count) == allowed.end())
        return wanted("how many an hour: 0, 1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30 or 60");
    target = *count;
    return {};
}

Parsed<> set_xlinks(OptionDraft& draft, std::string_view value) {
    auto const most = draft.options.dialect == Dialect::livesim1 ? per_hour.most : 1;
    return put(parse_count(value, {1, most}, "how many an hour"), draft.options.xlinks_per_hour);
}

Parsed<> add_base_url(OptionDraft& draft, std::string_view value) {
    constexpr std::size_t most = 20;
    auto pattern = parse_minute(value);
    if (!pattern) return pattern.error();
    if (draft.options.base_urls.size() == most) return wanted("to stand up to 20 times");
    draft.options.base_urls.push_back(std::move(*pattern));
    return {};
}

Parsed<> set_chunk_duration(OptionDraft& draft, std::string_view value) {
    auto const duration = parse_decimal_seconds(value, {0, an_hour.most});
    if (!duration || duration->count() == 0) return wanted("seconds, 0.001 to 3600");
    draft.options.chunk_duration = *duration;
    return {};
}

Parsed<> set_latency_target(OptionDraft& draft, std::string_view value) {
    auto const target = parse_integer(value, {1, 3'600'000}, "whole milliseconds");
    if (!target) return target.error();
    draft.options.latency_target = std::chrono::milliseconds(*target);
    return {};
}

Parsed<> set_sub_segments(OptionDraft& draft, std::string_view value) {
    return put(parse_sub_segment_sets(value), draft.options.sub_segments);
}

Parsed<> set_part_durations(OptionDraft& draft, std::string_view value) {
    return put(parse_part_durations(value), draft.part_durations);
}

Parsed<> set_splices(OptionDraft& draft, std::string_view value) {
    return put(parse_count(value, {1, 3}, "how many a minute"), draft.options.splices_per_minute);
}

template <std::vector<std::string> Options::*member>
Parsed<> set_languages(OptionDraft& draft, std::string_view value) {
    return put(parse_languages(value), draft.options.*member);
}

Parsed<> set_cue_duration(OptionDraft& draft, std::string_view value) {
    auto const duration = parse_integer(value, {1, 3'600'000}, "whole milliseconds");
    if (!duration) return duration.error();
    draft.options.cue_duration = std::chrono::milliseconds(*duration);
    return {};
}

Parsed<> set_cue_region(OptionDraft& draft, std::string_view value) {
    return put(parse_count(value, {0, 1}, "a region"), draft.options.cue_region);
}

Parsed<> set_status_faults(OptionDraft& draft, std::string_view value) {
    return put(parse_status_faults(value), draft.options.status_faults);
}

Parsed<> set_traffic(OptionDraft& draft, std::string_view value) {
    return put(parse_traffic(value), draft.options.traffic);
}

Parsed<> set_required_query(OptionDraft& draft, std::string_view value) {
    return put(parse_query_pairs(value), draft.options.required_query);
}

Parsed<> set_encryption(OptionDraft& draft, std::string_view value) {
    if (value != "cbcs" && value != "cenc") return wanted("cbcs or cenc");
    draft.options.encryption = value == "cbcs" ? Encryption::cbcs : Encryption::cenc;
    return {};
}

constexpr SetOption not_supported = nullptr;

constexpr auto keys = std::to_array<OptionKey>({
    {"segtimeline", set_timeline<Addressing::timeline_time>},
    {"segtimelinenr", set_timeline<Addressing::timeline_number>},
    {"snr", set_start_number},
    {"tfdt", set_short_times},
    {"sidx", set_presence<&Options::inserts_index>},
    {"start", set_time<&Options::start>},
    {"ast", set_time<&Options::start>},
    {"stop", set_time<&Options::stop>},
    {"startrel", set_distance<&Options::start_relative>},
    {"stoprel", set_distance<&Options::stop_relative>},
    {"timeoffset", set_time_offset},
    {"tsbd", set_depth},
    {"ato", set_ahead},
    {"mup", set_length<&Options::minimum_update_period>},
    {"spd", set_time<&Options::suggested_presentation_delay>},
    {"dur", add_duration},
    {"init", set_initialisation_ahead},
    {"modulo", set_modulo},
    {"cont", set_presence<&Options::follows_now>},
    {"utc", set_utc},
    {"periods", set_periods},
    {"continuous", set_presence<&Options::is_continuous>},
    {"etp", set_per_hour<&Options::early_terminations_per_hour>},
    {"etpDuration", set_length<&Options::early_termination>},
    {"xlink", set_xlinks},
    {"insertad", set_per_hour<&Options::advertisements_per_hour>},
    {"peroff", set_presence<&Options::has_period_offsets>},
    {"mpdcallback", set_per_hour<&Options::callbacks_per_hour>},
    {"baseurl", add_base_url},
    {"segtimelineloss", set_presence<&Options::shows_losses>},
    {"chunkdur", set_chunk_duration},
    {"ltgt", set_latency_target},
    {"ssras", set_sub_segments},
    {"chunkdurssr", set_part_durations},
    {"scte35", set_splices},
    {"timesubsstpp", set_languages<&Options::stpp_languages>},
    {"timesubswvtt", set_languages<&Options::wvtt_languages>},
    {"timesubsdur", set_cue_duration},
    {"timesubsreg", set_cue_region},
    {"statuscode", set_status_faults},
    {"traffic", set_traffic},
    {"annexI", set_required_query},
    {"patch", set_length<&Options::patch_lifetime>},
    {"eccp", set_encryption},
    {"drm", not_supported},
    {"timecc608", not_supported},
    {"sgai", not_supported},
    {"steer", not_supported},
    {"cdn", not_supported},
    {"sid", not_supported},
    {"csid", not_supported},
    {"sts", not_supported},
});

} // namespace

OptionKey const* find_option_key(std::string_view name) noexcept {
    auto const key = std::ranges::find(keys, name, &OptionKey::name);
    return key == keys.end() ? nullptr : &*key;
}

} // namespace continuo::dashlive
