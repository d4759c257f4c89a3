// A channel that is the screening of a film: carries out what a session asks for and what the
// screening decides.
#include "core/contract/layout.hpp"
#include "supervisor/channel/channel.hpp"
#include "supervisor/channel/text_renditions.hpp"
#include "supervisor/run/film.hpp"

#include <boost/asio/post.hpp>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <utility>

namespace continuo::supervisor {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;
using namespace std::chrono_literals;
using TrackKind = media::FilmTrack::Kind;

/// A pause that is longer ends the processes, and its end starts others at the place reached:
/// servers drop connections that stand still for a minute, and nobody knows how long it will be.
constexpr auto longest_standstill = 30s;

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
    auto const before = records_.at(film_);
    if (before.film)
        if (auto const checked = check_choice(*before.film, position, tracks); !checked)
            return checked.error();
    auto config = before.config;
    config.film.start = position;
    config.film.audio = tracks.audio;
    config.film.subtitle = tracks.subtitle;
    film_ = add_source(config);
    records_.at(film_).film = before.film;
    screening_->begin(position);
    timeline_->break_off();
    chooser_.put_first(film_, std::nullopt);
    evaluate();
    return {};
}

void Channel::hold() {
    if (!screening_) return;
    screening_->want_hold(true);
    evaluate();
}

void Channel::release() {
    if (!screening_) return;
    screening_->want_hold(false);
    evaluate();
}

void Channel::end_screening() {
    if (!screening_) return;
    screening_->want_hold(false);
    screening_->finish();
    timeline_->break_off();
    for (auto const& run : runs_)
        run->stop();
    evaluate();
    if (screening_->has_ended()) return;
    screening_->finish_at_once();
    evaluate();
}

/// Nothing is to be started, or put on air.
bool Channel::stands_still() const {
    return screening_ && (timeline_->is_held() || screening_->is_over());
}

void Channel::settle_hold(SteadyTime now) {
    auto const holds = screening_->wants_hold() && !stopping_;
    if (holds && !timeline_->is_held()) {
        timeline_->hold(now);
        for (auto const& run : runs_)
            run->hold();
    } else if (!holds && timeline_->is_held()) {
        timeline_->release(now);
        for (auto const& run : runs_)
            run->release();
    }
    if (auto const since = timeline_->held_since(); since && now - *since >= longest_standstill)
        for (auto const& run : runs_)
            run->stop();
}

/// Of a film's run that ended by itself.
source::Ended Channel::judged_screening(SourceRecord& record, Run const& run, RunEnd const& end,
                                        SteadyTime now) {
    auto const name = source_text(*run.source());
    if (end.clean) {
        spdlog::info("channel \"{}\": {} has played to its end", config_.name, name);
        screening_->finish();
        return {.finished = true};
    }
    ++record.restarts;
    record.why = end.why;
    auto const jitter = std::uniform_real_distribution<>(0, 1)(surroundings_.random);
    auto const delay = screening_->judge(
        end, {.by_it = timeline_->end_of(run.name()).has_value(), .ever = record.end.has_value()},
        record.policy.on_exit(now, jitter), now);
    if (!delay) {
        spdlog::error("channel \"{}\": {}: {}", config_.name, name, end.why);
        return {.failed = true};
    }
    spdlog::warn("channel \"{}\": {}: {}; restart in {} ms", config_.name, name, end.why,
                 delay->count());
    return {.delay = *delay, .hurry = true};
}

/// Files of texts that belong to `segments`.
std::vector<std::string> Channel::texts_of(std::vector<std::string> const& segments) const {
    auto const& film = records_.at(film_).film;
    return film ? text_files(*film, segments) : std::vector<std::string>{};
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

FilmReport Channel::film_report() const {
    if (!screening_) return {};
    auto report = screening_->report(steady_clock::now());
    auto const& record = records_.at(film_);
    report.film = record.film;
    if (report.film) {
        report.audio = chosen(*report.film, TrackKind::audio, record.config.film.audio);
        report.subtitle = chosen(*report.film, TrackKind::subtitle, record.config.film.subtitle);
    }
    return report;
}

void Channel::tell_of_screening() {
    auto report = film_report();
    if (report == told_) return;
    told_ = std::move(report);
    if (!screening_options_->on_change) return;
    asio::post(surroundings_.executor, [this, alive = std::weak_ptr(alive_)] {
        if (!alive.expired()) screening_options_->on_change();
    });
}

} // namespace continuo::supervisor
