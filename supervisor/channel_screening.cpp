// A channel that is the screening of a film: begun anywhere, held, over when the film is.
#include "core/contract/layout.hpp"
#include "supervisor/channel.hpp"
#include "supervisor/film.hpp"
#include "supervisor/screening_failure.hpp"

#include <boost/asio/post.hpp>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

namespace continuo::supervisor {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;
using namespace std::chrono_literals;
using TrackKind = media::FilmTrack::Kind;

/// Left out of what is read ahead: the segmenter counts from the first picture, the list from the
/// first segment, and what is encoded comes in bursts.
milliseconds slack(ScreeningOptions const& options) {
    return std::min<milliseconds>(4s, options.read_ahead / 4);
}
/// The least that a run reads ahead.
constexpr milliseconds least_read_ahead = 1s;
/// A pause that is longer ends the processes, and its end starts others at the place reached:
/// servers drop connections that stand still for a minute, and nobody knows how long it will be.
constexpr auto longest_standstill = 30s;
/// So many runs in a row may bring nothing.
constexpr unsigned tries = 3;
constexpr auto speed_window = 10s;

/// A little later than that, what is due may still be on its way.
constexpr auto starving_after = 500ms;

constexpr std::uint64_t bandwidth_of_texts = 1000;

/// In a playlist a name stands in double quotes.
std::string quotable(std::string text) {
    std::ranges::replace(text, '"', '\'');
    return text;
}

std::vector<hls::Rendition> renditions_of(std::vector<media::FilmTrack> const& tracks) {
    std::vector<hls::Rendition> renditions;
    for (auto const& track : tracks) {
        auto name = quotable(!track.title.empty() ? track.title : track.language);
        if (name.empty() ||
            std::ranges::find(renditions, name, &hls::Rendition::name) != renditions.end())
            name += fmt::format("{}{}", name.empty() ? "" : " ", track.number);
        auto& rendition = renditions.emplace_back();
        rendition.type = "SUBTITLES";
        rendition.group_id = "texts";
        rendition.name = std::move(name);
        rendition.language = quotable(track.language);
    }
    return renditions;
}

std::optional<unsigned> chosen(media::Film const& film, TrackKind kind, std::string const& choice) {
    auto const track = media::chosen_track(film, kind, choice);
    return track ? *track : std::nullopt;
}

/// Whether the film has what is asked for.
Result<> check_choice(media::Film const& film, milliseconds position,
                      contract::TrackChoices const& tracks) {
    if (auto const audio = media::chosen_track(film, TrackKind::audio, tracks.audio); !audio)
        return audio.error();
    if (auto const subtitle = media::chosen_track(film, TrackKind::subtitle, tracks.subtitle);
        !subtitle)
        return subtitle.error();
    if (is_over(film, position))
        return fail(Errc::out_of_range,
                    fmt::format("The film has no {:.1f} s.",
                                std::chrono::duration<double>(position).count()));
    return {};
}

} // namespace

Result<> Channel::watch_from(milliseconds position, contract::TrackChoices const& tracks) {
    if (!screening_ || stopping_)
        return fail(Errc::conflict, fmt::format("channel \"{}\" shows no film", config_.name));
    auto const before = records_.at(screening_->film);
    if (before.film)
        if (auto const checked = check_choice(*before.film, position, tracks); !checked)
            return checked.error();
    auto config = before.config;
    config.film.start = position;
    config.film.audio = tracks.audio;
    config.film.subtitle = tracks.subtitle;
    auto const film = add_source(config);
    records_.at(film).film = before.film;
    screening_->film = film;
    screening_->over = screening_->ended = false;
    screening_->failure.clear();
    screening_->fruitless = 0;
    screening_->first_number = timeline_->next_number();
    screening_->begin.reset();
    screening_->lag.reset();
    screening_->made.clear();
    timeline_->break_off();
    chooser_.put_first(film, std::nullopt);
    evaluate();
    return {};
}

void Channel::hold() {
    if (!screening_) return;
    screening_->wants_hold = true;
    evaluate();
}

void Channel::release() {
    if (!screening_) return;
    screening_->wants_hold = false;
    evaluate();
}

void Channel::end_screening() {
    if (!screening_) return;
    screening_->wants_hold = false;
    screening_->over = true;
    timeline_->break_off();
    for (auto const& run : runs_)
        run->stop();
    evaluate();
    if (std::exchange(screening_->ended, true)) return;
    evaluate();
}

/// Whether viewers have enough to begin with.
bool Channel::may_begin() const {
    return screening_->over || timeline_->next_number() - screening_->first_number >=
                                   screening_->options.start_segments;
}

/// Nothing is to be started, or put on air.
bool Channel::stands_still() const {
    return screening_ && (timeline_->is_held() || screening_->over);
}

void Channel::settle_hold(SteadyTime now) {
    auto& held_since = screening_->held_since;
    auto const holds = screening_->wants_hold && may_begin() && !stopping_;
    if (holds && !held_since) {
        held_since = now;
        timeline_->hold(now);
        for (auto const& run : runs_)
            run->hold();
    } else if (!holds && held_since) {
        held_since.reset();
        timeline_->release(now);
        for (auto const& run : runs_)
            run->release();
    }
    if (held_since && now - *held_since >= longest_standstill)
        for (auto const& run : runs_)
            run->stop();
}

/// It goes on reading as far ahead as is still missing.
void Channel::plan_screening(RunSource& plan, SteadyTime now) const {
    plan.film = records_.at(plan.id).film;
    plan.probe_timeout = screening_->options.probe_timeout;
    plan.with_texts = true;
    auto const wanted = screening_->options.read_ahead - slack(screening_->options);
    plan.read_ahead = std::max(wanted - timeline_->ahead(now), least_read_ahead);
}

/// Of a film's run that ended by itself.
source::Ended Channel::judged_screening(SourceRecord& record, Run const& run, RunEnd const& end,
                                        SteadyTime now) {
    auto& screening = *screening_;
    if (end.clean) {
        spdlog::info("channel \"{}\": {} has played to its end", config_.name,
                     source_text(*run.source()));
        screening.over = true;
        return {.finished = true};
    }
    auto const brought_any = timeline_->end_of(run.name()).has_value();
    screening.fruitless = brought_any ? 0 : screening.fruitless + 1;
    ++screening.restarts;
    ++record.restarts;
    record.why = end.why;
    auto const verdict =
        record.policy.on_exit(now, std::uniform_real_distribution<>(0, 1)(surroundings_.random));
    // What never showed anything will not by being asked again; what has nothing where it broke
    // off is asked twice, since mpv now and then loses its place in a file whose index is missing.
    auto const tries_of_it = end.broke_off ? 2 : !record.end && !end.killed ? 1 : tries;
    if (end.hopeless || verdict.slow || screening.fruitless >= tries_of_it) {
        spdlog::error("channel \"{}\": {}: {}", config_.name, source_text(*run.source()), end.why);
        screening.over = true;
        screening.failure = failure_in_words(end.why);
        return {.failed = true};
    }
    auto const room = screening.options.read_ahead - slack(screening.options) - least_read_ahead;
    auto const delay = std::max(verdict.delay, timeline_->ahead(now) - room);
    spdlog::warn("channel \"{}\": {}: {}; restart in {} ms", config_.name,
                 source_text(*run.source()), end.why, delay.count());
    return {.delay = delay, .hurry = true};
}

/// Whether the list has come to its end.
bool Channel::settle_screening(SteadyTime now) {
    auto& screening = *screening_;
    if (!screening.begin)
        if (auto const place = timeline_->place_of(screening.first_number))
            screening.begin = {.date = place->date, .position = position_in_film(place->start)};
    if (!screening.lag && may_begin()) note_begin(now);
    auto const end = ends_at();
    if (!end || now < *end) return false;
    screening.ended = true;
    return true;
}

/// Viewers begin now, with the first picture on the list.
void Channel::note_begin(SteadyTime now) {
    auto const due = timeline_->last_due();
    if (!screening_->begin || !due) return;
    auto const newest = timeline_->place_of(timeline_->next_number() - 1);
    auto const length = newest->date - screening_->begin->date + newest->duration;
    screening_->lag = now - (*due - std::chrono::duration_cast<SteadyTime::duration>(length));
}

/// When viewers are at the last picture of what is over.
std::optional<SteadyTime> Channel::ends_at() const {
    if (!screening_->over || screening_->ended || timeline_->is_held() ||
        timeline_->waiting() > 0ms)
        return std::nullopt;
    auto const due = timeline_->last_due();
    if (!due) return std::nullopt;
    return *due + screening_->lag.value_or(SteadyTime::duration::zero());
}

/// How far the film is made, of the film.
milliseconds Channel::made_until() const {
    auto const next = timeline_->next_number();
    auto const newest = next > screening_->first_number ? timeline_->place_of(next - 1)
                                                        : std::optional<store::Timeline::Place>{};
    auto const listed = newest ? position_in_film(newest->start + newest->duration)
                               : records_.at(screening_->film).config.film.start;
    return listed + timeline_->waiting();
}

/// Subtitles as text, as renditions of the list: their files lie beside those of the pictures.
/// None is ever chosen by a player by itself, since one may be in the pictures already.
void Channel::add_texts(contract::ChannelSnapshot& snapshot) const {
    auto const& film = records_.at(screening_->film).film;
    if (!film) return;
    auto const texts = renditions_of(text_tracks(*film));
    for (std::size_t index = 0; index < texts.size(); ++index) {
        snapshot.variants.push_back({.name = text_rendition(index),
                                     .bandwidth_bps = bandwidth_of_texts,
                                     .codecs = "wvtt",
                                     .rendition = texts[index]});
        for (auto& segment : snapshot.segments)
            segment.files.push_back(text_path(index, segment.files.front()));
    }
}

/// Files of texts that belong to `segments`.
std::vector<std::string> Channel::texts_of(std::vector<std::string> const& segments) const {
    auto const& film = records_.at(screening_->film).film;
    std::vector<std::string> files;
    if (!film) return files;
    auto const count = text_tracks(*film).size();
    for (auto const& segment : segments)
        for (std::size_t index = 0; index < count; ++index)
            if (auto file = text_path(index, segment); !file.empty())
                files.push_back(std::move(file));
    return files;
}

std::uint64_t Channel::bytes_of_texts(std::string const& segment) const {
    auto const directory = contract::channel_directory(surroundings_.runtime_dir, config_.name);
    std::uint64_t bytes = 0;
    for (auto const& text : texts_of({segment})) {
        std::error_code code; // one that could not be written takes no room
        auto const size = fs::file_size(directory / text, code);
        if (!code) bytes += size;
    }
    return bytes;
}

void Channel::note_made(SteadyTime now) {
    auto& made = screening_->made;
    made.emplace_back(now, made_until());
    while (made.front().first + speed_window < now)
        made.pop_front();
}

FilmReport Channel::film_report() const {
    FilmReport report;
    if (!screening_ || !timeline_) return report;
    auto const& screening = *screening_;
    auto const& record = records_.at(screening.film);
    report.phase = !screening.failure.empty() ? FilmReport::Phase::failed
                   : screening.ended          ? FilmReport::Phase::ended
                   : may_begin()              ? FilmReport::Phase::playing
                                              : FilmReport::Phase::opening;
    report.why = screening.failure;
    report.film = record.film;
    if (report.film) {
        report.audio = chosen(*report.film, TrackKind::audio, record.config.film.audio);
        report.subtitle = chosen(*report.film, TrackKind::subtitle, record.config.film.subtitle);
    }
    report.begin = screening.begin;
    auto const newest = timeline_->place_of(timeline_->next_number() - 1);
    if (screening.begin && newest) {
        auto const end = newest->start + newest->duration;
        auto const length = std::chrono::duration_cast<std::chrono::microseconds>(newest->duration);
        report.listed_until = {.date = newest->date + length, .position = position_in_film(end)};
    }
    report.buffered = made_until();
    auto const& made = screening.made;
    if (made.size() > 1 && !timeline_->is_held()) {
        std::chrono::duration<double> const passed = made.back().first - made.front().first;
        report.speed =
            std::chrono::duration<double>(made.back().second - made.front().second) / passed;
    }
    auto const due = timeline_->last_due();
    report.starves = due && !screening.over && !timeline_->is_held() &&
                     steady_clock::now() > *due + starving_after;
    report.restarts = screening.restarts;
    return report;
}

void Channel::tell_of_screening() {
    auto report = film_report();
    if (report == screening_->told) return;
    screening_->told = std::move(report);
    if (!screening_->options.on_change) return;
    asio::post(surroundings_.executor, [this, alive = std::weak_ptr(alive_)] {
        if (!alive.expired()) screening_->options.on_change();
    });
}

} // namespace continuo::supervisor
