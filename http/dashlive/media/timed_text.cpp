#include "http/dashlive/media/timed_text.hpp"

#include "http/dashlive/media/timed_text_boxes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace continuo::dashlive {
namespace {

using std::chrono::seconds;

constexpr std::uint32_t first_adaptation_set = 100;

std::string_view id_prefix(TextFormat format) noexcept {
    switch (format) {
    case TextFormat::stpp: return "timestpp-";
    case TextFormat::wvtt: return "timewvtt-";
    }
    return {};
}

std::int64_t boundary(timeline::SegmentLoop const& pictures, std::int64_t time) noexcept {
    return timeline::rescaled_up({time, pictures.timescale()}, timed_text_timescale);
}

/// The whole second at or before `time` at which a cue begins.
std::chrono::sys_seconds last_cue_at(DateTime time, seconds period) {
    auto const second = std::chrono::floor<seconds>(time);
    auto const into = second.time_since_epoch() % period;
    return second - (into < seconds{0} ? into + period : into);
}

std::vector<Cue> cues_of(Session const& session, TimedText const& text, std::int64_t index) {
    auto const epoch = session.epoch;
    auto const segment = timed_text_interval(*session.asset, index);
    auto const shown = session.options->cue_duration;
    auto const period = std::max(std::chrono::ceil<seconds>(shown), seconds{1});
    std::vector<Cue> cues;
    for (auto at = last_cue_at(epoch + milliseconds{segment.start}, period);; at += period) {
        auto const begin = (at - epoch).count();
        if (begin >= segment.end) return cues;
        Cue cue{.begin = std::max(begin, segment.start),
                .end = std::min(begin + shown.count(), segment.end),
                .date = dash::to_text(DateTime{at}),
                .note = fmt::format("{} # {}", text.language, session.number_of(index))};
        if (cue.begin < cue.end) cues.push_back(std::move(cue));
    }
}

} // namespace

std::vector<TimedText> timed_texts_of(Options const& options) {
    std::vector<TimedText> texts;
    auto const add = [&](TextFormat format, std::vector<std::string> const& languages) {
        for (auto const& language : languages)
            texts.push_back({.format = format,
                             .language = language,
                             .id = std::string(id_prefix(format)) + language,
                             .adaptation_set =
                                 first_adaptation_set + static_cast<std::uint32_t>(texts.size())});
    };
    add(TextFormat::stpp, options.stpp_languages);
    add(TextFormat::wvtt, options.wvtt_languages);
    return texts;
}

std::optional<TimedText> find_timed_text(Options const& options, std::string_view id) {
    auto const texts = timed_texts_of(options);
    auto const found = std::ranges::find(texts, id, &TimedText::id);
    if (found == texts.end()) return std::nullopt;
    return *found;
}

std::string_view codecs_of(TextFormat format) noexcept {
    switch (format) {
    case TextFormat::stpp: return "stpp";
    case TextFormat::wvtt: return "wvtt";
    }
    return {};
}

std::uint64_t bandwidth_of(TextFormat format, Asset const& asset) {
    auto const& pictures = asset.pictures();
    auto const loop = std::max<std::int64_t>(boundary(pictures, pictures.length()), 1);
    auto const bits_per_segment = std::uint64_t{format == TextFormat::stpp ? 16'000U : 1'600U};
    return bits_per_segment * timed_text_timescale * pictures.size() /
           static_cast<std::uint64_t>(loop);
}

Interval timed_text_interval(Asset const& asset, std::int64_t index) {
    auto const& pictures = asset.pictures();
    auto const place = pictures.place_of(index);
    return {.start = boundary(pictures, place.start), .end = boundary(pictures, place.end)};
}

std::optional<std::int64_t> timed_text_index_at(Asset const& asset, std::int64_t time) {
    auto const& pictures = asset.pictures();
    if (time < 0 || time / timed_text_timescale > timeline::max_elapsed.count())
        return std::nullopt;
    // The segment that is on at `time` begins there, or, where it was rounded up, the next one.
    auto const on = timeline::rescaled_up({time, timed_text_timescale}, pictures.timescale());
    for (auto const index :
         {pictures.index_covering(std::max<std::int64_t>(on - 1, 0)), pictures.index_covering(on)})
        if (timed_text_interval(asset, index).start == time) return index;
    return std::nullopt;
}

std::vector<std::uint8_t> timed_text_initialisation(TimedText const& text) {
    return text_track_header(text.format, text.language);
}

std::vector<std::uint8_t> timed_text_segment(Session const& session, TimedText const& text,
                                             std::int64_t index) {
    auto const segment = timed_text_interval(*session.asset, index);
    auto const cues = cues_of(session, text, index);
    auto const region = session.options->cue_region;
    return text_track_segment({.number = static_cast<std::uint32_t>(session.number_of(index)),
                               .interval = segment,
                               .samples = text.format == TextFormat::stpp
                                              ? ttml_samples(text.language, region, segment, cues)
                                              : webvtt_samples(region, segment, cues)});
}

} // namespace continuo::dashlive
