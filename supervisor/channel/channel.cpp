#include "supervisor/channel/channel.hpp"

#include "core/contract/layout.hpp"
#include "core/os/file.hpp"
#include "supervisor/channel/text_renditions.hpp"

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

constexpr unsigned sweep_every = 10; // ticks

store::TimelineOptions timeline_options(config::Channel const& config, milliseconds lead) {
    store::TimelineOptions options{.channel = config.name,
                                   .variants = {},
                                   .target_duration = config.target_duration,
                                   .window = config.window,
                                   .budget_bytes = config.budget_bytes,
                                   .restart_discontinuity = config.restart_discontinuity,
                                   .cue_discontinuity = config.cues.discontinuity,
                                   .usual_slack = read_ahead(config),
                                   .lead = lead};
    for (auto const& variant : config.variants)
        options.variants.push_back(variant.name);
    return options;
}

/// How long what a head replaced runs on behind it, for the case that the new one dies at once: as
/// long as one may live on the segments that it began with. Two ladders are more than many machines
/// can encode for longer than a switch takes.
milliseconds fallback_kept(config::Channel const& config) {
    return config.playhead && config::copies_only(config) ? 4 * config.target_duration : 0s;
}

} // namespace

Channel::Channel(Surroundings& surroundings, config::Channel config, Ladder ladder,
                 std::optional<ScreeningOptions> screening)
    : surroundings_(surroundings)
    , written_(std::move(config))
    , ladder_(std::move(ladder))
    , config_(with_ladder(written_, ladder_))
    , publisher_(contract::channel_directory(surroundings.runtime_dir, config_.name),
                 surroundings.state_dir / "channels" / (config_.name + ".json"))
    , chooser_(config_.sources.size(), config_.source_retry, fallback_kept(config_))
    , screening_options_(std::move(screening))
    , slate_(surroundings, config_, [this] { evaluate(); })
    , slate_policy_(config_.restart)
    , timer_(surroundings.executor)
    , ticker_(surroundings.executor) {
    for (auto const& source : config_.sources)
        add_source(source);
    if (config_.icecast) icecast_ = std::make_unique<Icecast>(surroundings_, config_);
    if (!config_.playhead) return;
    playhead_ = std::make_unique<Playhead>(
        surroundings_, config_,
        PlayheadHandlers{.on_head = [this](source::Head const& head) { on_head(head); },
                         .on_change = [this] { evaluate(); }});
}

Channel::~Channel() = default;

void Channel::start() {
    auto const directory = contract::channel_directory(surroundings_.runtime_dir, config_.name);
    if (auto const made = os::make_directories(directory); !made)
        spdlog::error("channel \"{}\": {}", config_.name, to_text(made.error()));
    auto const wall = surroundings_.wall_clock();
    auto const first_number =
        static_cast<std::uint64_t>(wall.time_since_epoch() / config_.segment_time);
    auto options =
        timeline_options(config_, screening_options_ ? screening_options_->read_ahead : 0ms);
    auto resume = publisher_.resume(first_number, options.variants);
    spdlog::info("channel \"{}\": starts with number {}{}", config_.name, resume.next_number,
                 resume.segments.empty() ? "" : ", goes on from its last list");
    breaks_ = BreakHistory(resume.segments);
    for (auto const& segment : resume.segments)
        cue_orders_.on_listed({}, segment.breaks);
    timeline_ = std::make_unique<store::Timeline>(std::move(options), std::move(resume),
                                                  steady_clock::now(), wall);
    icecast_number_ = timeline_->next_number();
    if (screening_options_)
        screening_.emplace(*screening_options_, *timeline_, records_.at(film_).config.film.start);
    if (icecast_) icecast_->start();
    if (playhead_) playhead_->start();
    tick();
}

void Channel::tick() {
    auto const now = steady_clock::now();
    for (std::size_t index = 0; index < runs_.size(); ++index) // one may have another started
        runs_[index]->check_stalls(now);
    if (screening_) screening_->measure(now);
    evaluate();
    if (++ticks_ % sweep_every == 0) publisher_.sweep(*timeline_, active_directories());
    ticker_.expires_after(1s);
    ticker_.async_wait([this](boost::system::error_code code) {
        if (!code) tick();
    });
}

/// The one place where things move on: after every event, and when a deadline has come.
void Channel::evaluate() {
    if (ended_) return;
    auto const now = steady_clock::now();
    if (screening_) settle_hold(now);
    if (!stopping_ && !stands_still()) {
        judge_readiness(now);
        watch_transition(now);
        carry_out(chooser_.decide(now), now);
        choose_on_air(now);
    }
    auto const changed = timeline_->advance(now);
    if (changed) note_switched();
    auto const has_ended = screening_ && screening_->advance(now);
    settle_cues(now);
    feed_icecast();
    for (auto const& note : timeline_->take_notes())
        spdlog::warn("channel \"{}\": {}", config_.name, note);
    auto const unlinks = timeline_->take_unlinks();
    if (screening_) publisher_.unlink(texts_of(unlinks));
    publisher_.unlink(unlinks);
    auto const state = state_now();
    if (changed || has_ended || state != state_ || publish_failed_) {
        state_ = state;
        publish();
    }
    if (screening_) tell_of_screening();
    arm(now);
}

/// What was listed since the last time, in order; a variant's own segment may come a little later.
void Channel::feed_icecast() {
    if (!icecast_ || stopping_) return;
    auto const variant = Icecast::variant_of(config_);
    auto const directory = contract::channel_directory(surroundings_.runtime_dir, config_.name);
    for (; icecast_number_ < timeline_->next_number(); ++icecast_number_) {
        auto const file = timeline_->listed_file(icecast_number_, variant);
        if (file && file->empty()) return;
        if (file) icecast_->listed(directory / *file);
    }
    if (!head_is_listed_ || icecast_title_ == playhead_->state().name) return;
    icecast_title_ = playhead_->state().name;
    icecast_->title(icecast_title_);
}

RunHandlers Channel::run_handlers() {
    return {
        .on_segment = [this](Run& run, std::size_t variant, contract::SegmentLine const& line,
                             std::string path) { on_segment(run, variant, line, std::move(path)); },
        .on_info =
            [this](Run& run) {
                for (std::size_t i = 0; i < config_.variants.size(); ++i)
                    timeline_->set_expected(run.name(), i, run.makes(i));
                if (run.info()->made) timeline_->set_made(run.name(), *run.info()->made);
            },
        .on_film =
            [this](Run& run) {
                if (auto const found = records_.find(*run.source()); found != records_.end())
                    found->second.film = run.film();
                evaluate();
            },
        .on_variant_restart =
            [this](Run& run, std::size_t variant) { return on_variant_restart(run, variant); },
        .on_end = [this](Run& run, RunEnd const& end) { on_end(run, end); }};
}

void Channel::on_segment(Run& run, std::size_t variant, contract::SegmentLine const& line,
                         std::string path) {
    auto const beside = screening_ ? bytes_of_texts(path) : 0;
    timeline_->add(run.name(), variant, line,
                   {.path = std::move(path), .bytes = line.bytes, .bytes_beside = beside},
                   steady_clock::now());
    evaluate();
}

std::optional<Ticks90k> Channel::on_variant_restart(Run& run, std::size_t variant) {
    timeline_->mark_restart(run.name(), variant);
    return timeline_->taken_until(run.name(), variant);
}

void Channel::on_end(Run& run, RunEnd const& end) {
    auto const now = steady_clock::now();
    if (screening_ && end.clean) timeline_->finish(run.name());
    // What a short file delivered while it ran is shown, though it was over before it could be
    // chosen.
    if (!stopping_) {
        judge_readiness(now);
        choose_on_air(now);
    }
    auto const found = std::find_if(runs_.begin(), runs_.end(),
                                    [&](auto const& other) { return other.get() == &run; });
    auto const gone = std::move(*found);
    runs_.erase(found);
    timeline_->close_run(gone->name(), end.tail_counts && !gone->stopping());
    if (gone->source())
        judge_end(*gone, end, now);
    else if (!gone->stopping())
        judge_slate_end(*gone, end, now);
    if (stopping_) return finish_stop();
    forget_sources();
    evaluate();
}

void Channel::publish() {
    auto snapshot = timeline_->snapshot();
    for (std::size_t i = 0; i < ladder_.size(); ++i) {
        snapshot.variants[i].audio_group = ladder_[i].audio_group;
        snapshot.variants[i].rendition = ladder_[i].rendition;
    }
    snapshot.cue_styles = config_.cues.tags;
    snapshot.interstitial_uri = config_.cues.interstitial_uri;
    if (screening_)
        if (auto const& film = records_.at(film_).film) add_text_renditions(snapshot, *film);
    snapshot.state = state_;
    snapshot.ended = ended_ || (screening_ && screening_->has_ended());
    auto const published = publisher_.publish(snapshot);
    if (!published && !publish_failed_)
        spdlog::error("channel \"{}\": {}; the list stands still until there is room", config_.name,
                      to_text(published.error()));
    publish_failed_ = !published;
    remember_numbers(/*exact=*/false);
}

void Channel::remember_numbers(bool exact) {
    if (screening_) return; // nobody asks for them again
    auto const remembered =
        publisher_.remember({.next_number = timeline_->next_number(),
                             .discontinuity_sequence = timeline_->discontinuity_sequence_at_end()},
                            exact);
    if (!remembered)
        spdlog::warn("channel \"{}\": {}; numbers may come back after a reboot", config_.name,
                     to_text(remembered.error()));
}

void Channel::arm(SteadyTime now) {
    auto next = timeline_->next_deadline();
    auto const consider = [&](std::optional<SteadyTime> time) {
        if (time && (!next || *time < *next)) next = time;
    };
    if (!stopping_) {
        if (!stands_still()) consider(chooser_.next_try());
        consider(transition_ends_);
        if (screening_)
            consider(screening_->ends_at());
        else
            consider(timeline_->last_listed() + timeline_->options().patience());
    }
    // What is overdue waits for an event, not for the clock: the ticker looks again anyway.
    if (!next || *next <= now) {
        timer_.cancel();
        return;
    }
    timer_.expires_at(*next);
    timer_.async_wait([this](boost::system::error_code code) {
        if (!code) evaluate();
    });
}

Run* Channel::run_named(std::string const& name) const {
    for (auto const& run : runs_)
        if (run->name() == name) return run.get();
    return nullptr;
}

std::set<std::string> Channel::active_directories() const {
    std::set<std::string> active;
    for (auto const& run : runs_)
        for (auto& directory : run->directories())
            active.insert(std::move(directory));
    if (!screening_) return active;
    std::vector<std::string> files;
    for (auto const& segment : timeline_->snapshot().segments)
        files.push_back(segment.files.front());
    for (auto const& directory : active)
        files.push_back(directory + '/' + contract::segment_file_name(0));
    for (auto const& text : texts_of(files))
        active.insert(text.substr(0, text.rfind('/')));
    return active;
}

void Channel::restart() {
    spdlog::info("channel \"{}\": restart asked for", config_.name);
    for (auto& [source, record] : records_)
        record.policy = child::RestartPolicy(config_.restart);
    chooser_.reset();
    for (auto const& run : runs_)
        if (run->source()) run->stop();
    evaluate();
}

void Channel::stop(Stop how, std::function<void()> done) {
    stopping_ = how;
    stopped_ = std::move(done);
    timer_.cancel();
    ticker_.cancel();
    slate_.stop();
    if (playhead_) playhead_->stop();
    if (icecast_) icecast_->stop();
    for (auto const& run : runs_)
        run->stop();
    asio::post(surroundings_.executor, [this, alive = std::weak_ptr(alive_)] {
        if (!alive.expired()) finish_stop();
    });
}

void Channel::finish_stop() {
    if (!runs_.empty() || !stopped_) return;
    if (stopping_ == Stop::finish) end_list();
    remember_numbers(/*exact=*/true);
    auto const done = [this] {
        auto const stopped = std::exchange(stopped_, nullptr);
        spdlog::info("channel \"{}\": stopped", config_.name);
        stopped();
    };
    switch (*stopping_) {
    case Stop::remove: publisher_.remove_all(); return done();
    case Stop::keep: return done();
    case Stop::finish: {
        // Players may ask for what was listed for as long as the list was (RFC 8216 §6.2.2).
        auto const window = milliseconds(config_.segment_time) * config_.window * 2;
        ticker_.expires_after(window);
        ticker_.async_wait([this, done](boost::system::error_code code) {
            if (code) return;
            publisher_.remove_all();
            done();
        });
        return;
    }
    }
}

/// Nothing is listed any more, not even what was read ahead (RFC 8216 §4.3.3.4).
void Channel::end_list() {
    if (ended_) return;
    evaluate(); // all variants come to the same number
    ended_ = true;
    publish();
}

} // namespace continuo::supervisor
