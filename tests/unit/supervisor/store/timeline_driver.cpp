#include "tests/unit/supervisor/store/timeline_driver.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace continuo::store {

using std::chrono::duration_cast;
using std::chrono::nanoseconds;

TimelineOptions options_for(std::vector<std::string> variants) {
    return {.channel = "demo",
            .variants = std::move(variants),
            .target_duration = 6s,
            .window = 5,
            .budget_bytes = 1u << 30,
            .restart_discontinuity = true};
}

Driver::Driver(TimelineOptions options, Resume resume)
    : options_(std::move(options))
    , first_discontinuity_sequence_(resume.discontinuity_sequence)
    , timeline_(options_, resume, now_, wall_at_start)
    , players_(options_.variants.size()) {
    for (auto& player : players_)
        player.grew = now_;
    for (auto const& [path, bytes] : resume.sizes)
        live_[path] = bytes;
    for (auto const& file : resume.leftovers)
        live_[file.path] = file.bytes;
    published_ = timeline_.snapshot();
    step();
}

void Driver::open(std::string const& run, std::optional<Reached> continues) {
    timeline_.open_run(run, std::vector<bool>(options_.variants.size(), true), continues);
}

void Driver::air(std::string const& run, bool drain) {
    timeline_.put_on_air(run, drain);
    step();
}

void Driver::close(std::string const& run, bool tail_counts) {
    timeline_.close_run(run, tail_counts);
    step();
}

Taken Driver::give(std::string const& run, std::size_t variant, Cut const& cut) {
    auto const directory = options_.variants[variant] + '/' + run + '/';
    auto const name = contract::segment_file_name(given_[directory]++);
    contract::SegmentLine const line{.name = name,
                                     .start = wrapped(cut.start),
                                     .duration = cut.duration,
                                     .bytes = cut.bytes,
                                     .end = cut.end,
                                     .discontinuity = cut.discontinuity,
                                     .keyframe = cut.keyframe,
                                     .video = {},
                                     .audio_codecs = {},
                                     .cues = cut.cues};
    live_[directory + name] = cut.bytes + cut.bytes_beside;
    auto const taken = timeline_.add(
        run, variant, line,
        {.path = directory + name, .bytes = cut.bytes, .bytes_beside = cut.bytes_beside}, now_);
    step();
    return taken;
}

void Driver::give_all(std::string const& run, Cut const& cut) {
    for (std::size_t variant = 0; variant < options_.variants.size(); ++variant)
        give(run, variant, cut);
}

void Driver::play(std::string const& run, int first, int last) {
    for (int i = first; i < last; ++i) {
        give_all(run, {.start = i * 4s});
        pass(4s);
    }
}

void Driver::pass(nanoseconds time) {
    auto const until = now_ + time;
    for (int turns = 0;; ++turns) {
        REQUIRE_MESSAGE(turns < 10'000, "deadlines do not lead on");
        auto const deadline = timeline_.next_deadline();
        if (!deadline || *deadline > until) break;
        now_ = std::max(now_, *deadline);
        step();
    }
    now_ = until;
    step();
}

void Driver::step() {
    auto const before = published_;
    std::vector<std::optional<std::uint64_t>> last_before;
    for (auto const& player : players_)
        last_before.push_back(player.last);
    auto const changed = timeline_.advance(now_);
    auto const deadline = timeline_.next_deadline();
    CHECK_MESSAGE((!deadline || *deadline > now_), "what is due now is done now");
    auto const after = timeline_.snapshot();
    CHECK_MESSAGE((changed || after.segments == before.segments), "a change says so");
    published_ = after;
    note_removals(before, after);
    check_snapshot(after);
    check_continuity(after);
    check_pace();
    check_dates(after);
    check_breaks(after);
    check_players(after);
    check_waiting(last_before);
    check_files(after);
}

void Driver::note_removals(contract::ChannelSnapshot const& before,
                           contract::ChannelSnapshot const& after) {
    Ticks90k longest{};
    for (auto const& segment : before.segments)
        longest += segment.duration;
    for (auto const& segment : before.segments) {
        if (!after.segments.empty() && segment.number >= after.segments.front().number) break;
        for (auto const& path : segment.files)
            stays_until_[path] =
                now_ + duration_cast<nanoseconds>(segment.duration + longest) - 1us;
        longest -= segment.duration;
    }
}

void Driver::check_snapshot(contract::ChannelSnapshot const& snapshot) {
    for (std::size_t i = 0; i < snapshot.segments.size(); ++i) {
        auto const& segment = snapshot.segments[i];
        CHECK(segment.number == snapshot.segments[0].number + i);
        CHECK(segment.files.size() == options_.variants.size());
        auto const [known, is_new] = ever_.emplace(segment.number, segment);
        if (is_new) continue;
        CHECK(known->second.start == segment.start);
        CHECK(known->second.duration == segment.duration);
        CHECK(known->second.date == segment.date);
        CHECK(known->second.discontinuity == segment.discontinuity);
        CHECK(known->second.breaks == segment.breaks);
    }
    if (snapshot.segments.empty()) return;
    CHECK(timeline_.next_number() == snapshot.segments.back().number + 1);
    auto const first = snapshot.segments.front().number;
    auto tags = first_discontinuity_sequence_;
    std::uint64_t seen = 0;
    for (auto const& [number, segment] : ever_) {
        if (number >= first) break;
        ++seen;
        if (segment.discontinuity) ++tags;
    }
    // A small budget may take a number off the list before anybody saw it.
    auto const unseen = first - ever_.begin()->first - seen;
    CHECK(snapshot.discontinuity_sequence >= tags);
    CHECK(snapshot.discontinuity_sequence <= tags + unseen);
}

/// Without a tag the media goes on where it was.
void Driver::check_continuity(contract::ChannelSnapshot const& snapshot) {
    for (std::size_t i = 1; i < snapshot.segments.size(); ++i) {
        auto const& before = snapshot.segments[i - 1];
        auto const& after = snapshot.segments[i];
        if (after.discontinuity) continue;
        auto const gap = elapsed(wrapped(before.start + before.duration), after.start);
        CHECK(std::chrono::abs(gap) <= Ticks90k{50ms});
        CHECK((before.run == after.run || !options_.restart_discontinuity));
    }
}

/// What waits of the run that is listed now is listed within its own duration.
void Driver::check_pace() {
    auto const deadline = timeline_.next_deadline();
    if (deadline) CHECK_MESSAGE(*deadline <= now_ + 60s, "nothing waits for another clock");
}

void Driver::check_dates(contract::ChannelSnapshot const& snapshot) {
    for (std::size_t i = 1; i < snapshot.segments.size(); ++i) {
        auto const& before = snapshot.segments[i - 1];
        auto const& after = snapshot.segments[i];
        auto const expected = before.date + duration_cast<WallTime::duration>(before.duration);
        CHECK(after.date >= expected - 1us);
        if (!after.discontinuity) CHECK(after.date <= expected + 1us);
    }
}

/// Each break goes on from segment to segment until it ends.
void Driver::check_breaks(contract::ChannelSnapshot const& snapshot) {
    using Kind = timeline::BreakMark::Kind;
    for (std::size_t i = 1; i < snapshot.segments.size(); ++i) {
        auto const& before = snapshot.segments[i - 1];
        auto const& marks = snapshot.segments[i].breaks;
        auto const goes_on = !before.breaks.empty() && before.breaks.back().kind != Kind::in;
        if (!goes_on) {
            CHECK((marks.empty() || marks.front().kind == Kind::out));
            continue;
        }
        REQUIRE_FALSE(marks.empty());
        CHECK(marks.front().kind != Kind::out);
        CHECK(marks.front().first_number == before.breaks.back().first_number);
        CHECK(marks.front().elapsed == before.breaks.back().elapsed + before.duration);
    }
}

void Driver::check_players(contract::ChannelSnapshot const& snapshot) {
    for (std::size_t variant = 0; variant < players_.size(); ++variant) {
        auto& player = players_[variant];
        auto const window = contract::window_of(snapshot, variant);
        if (window.first == window.last) {
            CHECK_MESSAGE(!player.last, "a list that was there never gets empty");
            continue;
        }
        auto const first = snapshot.segments[window.first].number;
        auto const last = snapshot.segments[window.last - 1].number;
        CHECK(first >= player.first.value_or(first));
        CHECK(last >= player.last.value_or(last));
        player.first = first;
        player.last = last;
        for (auto i = window.first; i < window.last; ++i) {
            auto const& segment = snapshot.segments[i];
            auto const [seen, is_new] = player.seen.emplace(segment.number, segment.files[variant]);
            CHECK_MESSAGE(seen->second == segment.files[variant], "a listed URI stays");
            player.when.emplace(segment.number, now_);
        }
    }
}

void Driver::check_waiting(std::vector<std::optional<std::uint64_t>> const& before) {
    auto const limit = options_.target_duration * 3 / 2;
    std::optional<std::uint64_t> newest;
    for (auto const& player : players_)
        if (player.last && (!newest || *player.last > *newest)) newest = player.last;
    for (std::size_t variant = 0; variant < players_.size(); ++variant) {
        auto& player = players_[variant];
        if (player.sibling_ahead_since && *player.sibling_ahead_since < now_)
            CHECK_MESSAGE(now_ - player.grew <= limit, "a viewer waited too long");
        if (player.last != before[variant]) {
            player.grew = now_;
            player.sibling_ahead_since.reset();
        }
        if (player.last < newest && !player.sibling_ahead_since) player.sibling_ahead_since = now_;
    }
}

void Driver::check_files(contract::ChannelSnapshot const& snapshot) {
    for (auto const& path : timeline_.take_unlinks()) {
        CAPTURE(path);
        CHECK_MESSAGE(live_.erase(path) == 1, "a file is unlinked once");
        unlinked_.insert(path);
        if (auto const kept = stays_until_.find(path);
            kept != stays_until_.end() && options_.budget_bytes >= 1u << 30)
            CHECK_MESSAGE(now_ >= kept->second, "RFC 8216 6.2.2: segment + longest list");
    }
    for (auto const& segment : snapshot.segments)
        for (auto const& path : segment.files)
            if (!path.empty()) {
                CAPTURE(path);
                CHECK_MESSAGE(!unlinked_.contains(path), "what is listed is there");
            }
    std::uint64_t held = 0;
    for (auto const& [path, bytes] : live_)
        held += bytes;
    CHECK(timeline_.held_bytes() == held);
}

std::string Driver::list(std::size_t variant) const {
    auto const snapshot = timeline_.snapshot();
    auto const window = contract::window_of(snapshot, variant);
    std::string text;
    for (auto i = window.first; i < window.last; ++i) {
        auto const& segment = snapshot.segments[i];
        auto const own = segment.files[variant].starts_with(options_.variants[variant] + '/');
        text += fmt::format("{}{}{}{}", text.empty() ? "" : " ", segment.discontinuity ? "!" : "",
                            segment.number, own ? "" : "*");
    }
    return text;
}

std::string Driver::starts() const {
    std::string text;
    for (auto const& segment : timeline_.snapshot().segments)
        text += fmt::format("{}{}", text.empty() ? "" : " ", seconds_of(segment.start));
    return text;
}

std::vector<std::string> Driver::take_notes() {
    return timeline_.take_notes();
}

std::chrono::duration<double> Driver::listed_at(std::size_t variant, std::uint64_t number) const {
    auto const found = players_[variant].when.find(number);
    REQUIRE(found != players_[variant].when.end());
    return found->second - start_;
}

} // namespace continuo::store
