#include "http/dashlive/session/session.hpp"

#include "http/dashlive/session/effects.hpp"
#include "http/dashlive/session/periods.hpp"
#include "http/dashlive/session/span.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <utility>

namespace continuo::dashlive {
namespace {

using std::chrono::seconds;

constexpr DateTime earliest{};
constexpr DateTime latest{timeline::max_elapsed};

Refusal refused(unsigned status, std::string detail) {
    return {.status = status, .detail = std::move(detail)};
}

Answer<SessionClock> clock_of(Options const& options, DateTime client_now) {
    auto const is_moved = options.dialect == Dialect::livesim2 && options.time_offset;
    auto const now = is_moved ? client_now + *options.time_offset : client_now;
    if (client_now < earliest || client_now > latest || now < earliest || now > latest)
        return refused(400, fmt::format("the time is not within {} and {}", dash::to_text(earliest),
                                        dash::to_text(latest)));
    return SessionClock{.client_now = client_now, .now = now};
}

seconds depth_of(Options const& options) noexcept {
    constexpr seconds usual_of_livesim1{300}, usual_of_livesim2{60};
    return options.time_shift_buffer_depth.value_or(
        options.dialect == Dialect::livesim1 ? usual_of_livesim1 : usual_of_livesim2);
}

/// Not where requests for media may go on behind the end (stop).
bool ends_for_good(Session const& session) noexcept {
    return session.availability_end && !session.options->stop && !session.options->stop_relative;
}

/// Of the segment at AST, before anything is added for where AST lies in the loop.
std::int64_t base_number(Options const& options) noexcept {
    auto const number = options.start_number.value_or(0);
    return number < 0 ? 1 : number;
}

/// What is announced last; where nothing is, the session may end, but nobody knows yet.
std::optional<DateTime> announced_end_of(std::vector<Ending> const& endings, DateTime now) {
    std::optional<DateTime> announced;
    for (auto const& ending : endings)
        if (ending.announced <= now || (!announced && ending.announced < ending.at))
            announced = ending.at;
    return announced;
}

/// How far behind timeShiftBufferDepth a segment can still be had.
milliseconds grace_of(Session const& session, Retention retention) {
    auto const& pictures = session.asset->pictures();
    auto const longest = time_of(pictures, pictures.longest());
    auto const grace = std::max<milliseconds>(seconds{10}, longest);
    switch (retention) {
    case Retention::dash: return grace;
    // A list is as long as the depth, or as three target durations, and some segments besides; a
    // segment stays as long again when it has left it.
    case Retention::hls: return session.depth + 10 * longest + grace;
    }
    return grace;
}

/// The first index behind the session's end.
std::optional<std::int64_t> index_behind_end(Session const& session) {
    if (!session.availability_end) return std::nullopt;
    return session.asset->pictures().begun_before(*session.availability_end - session.epoch);
}

/// How many segments, from the loop's beginning on, a list may end with now.
std::int64_t listed_end(Session const& session) {
    auto const now =
        session.availability_end ? std::min(session.now, *session.availability_end) : session.now;
    if (now < session.availability_start) return session.first_index;
    auto const ended = session.asset->pictures().ended_by(now - session.epoch + session.ahead);
    return std::min(ended, index_behind_end(session).value_or(ended));
}

/// From where a list begins that ends in front of `end`, which is behind the first segment. All
/// that it has can be had until the next is published, so that lists change only when a segment is
/// added.
std::int64_t listed_begin(Session const& session, std::int64_t end) {
    auto const& pictures = session.asset->pictures();
    auto const window =
        timeline::window_of(pictures, {.now = session.available_at(end - 1) - session.epoch,
                                       .ahead = session.ahead,
                                       .depth = session.depth});
    auto const next = session.available_at(end) - session.epoch;
    auto const oldest = next - milliseconds{1} - session.depth - grace_of(session, Retention::dash);
    auto const still_there = pictures.ended_by(oldest + session.ahead - milliseconds{1});
    return std::max({window.begin, still_there, session.first_index});
}

/// What an MPD lists that lists no more, or is static, is there for ever.
bool stays(Session const& session, std::int64_t index) {
    auto const end = listed_end(session);
    return index < end && (session.is_over || end == index_behind_end(session));
}

Session opened(AssetPtr asset, std::shared_ptr<Options const> options, SessionClock const& clock,
               SessionSpan span) {
    Session session;
    session.client_now = clock.client_now;
    session.now = clock.now;
    session.epoch = span.epoch;
    session.availability_start = span.availability_start;
    session.first_index = span.first_index;
    session.announced_end = announced_end_of(span.endings, clock.now);
    session.endings = std::move(span.endings);
    session.depth = depth_of(*options);
    session.ahead = options->ahead.value_or(milliseconds{0});
    session.asset = std::move(asset);
    session.options = std::move(options);
    return session;
}

/// cont_: the session begins with what is listed, whenever one looks.
void follow(Session& session) {
    constexpr std::chrono::hours announced{3};
    auto const& pictures = session.asset->pictures();
    session.first_index = listed(session).begin;
    session.availability_start =
        session.epoch + time_of(pictures, pictures.place_of(session.first_index).start);
    session.announced_end = session.availability_start + announced;
}

/// Errors: 400 where a track's times need more than 32 bits within three hours.
Answer<> check_short_times(Session const& session) {
    constexpr std::uint32_t most = std::numeric_limits<std::uint32_t>::max() / 10'800;
    if (!session.options->keeps_times_short) return {};
    for (auto const& [id, track] : session.asset->tracks)
        if (track->timescale >= most)
            return refused(400, fmt::format("tfdt_32: {} has {} units a second, too many for 32 "
                                            "bits within three hours",
                                            id, track->timescale));
    return {};
}

/// Errors: 400 for parts that are longer than a segment.
Answer<> check_parts(Session const& session) {
    auto const& pictures = session.asset->pictures();
    auto const longest = time_of(pictures, pictures.longest());
    for (auto const& set : session.options->sub_segments)
        if (set.part && *set.part > longest)
            return refused(400, fmt::format("chunkdurssr_: {} ms are longer than a segment, which "
                                            "has {} ms",
                                            set.part->count(), longest.count()));
    return {};
}

Answer<> check(Session const& session) {
    for (auto const rule : {check_short_times, check_effects, check_parts, check_periods})
        if (auto const answer = rule(session); !answer) return answer;
    return {};
}

Refusal too_early(milliseconds by) {
    return refused(425, fmt::format("too early by {} ms", by.count()));
}

/// Errors: 425 until `ahead` before the session begins.
Answer<> begun(Session const& session, milliseconds ahead) {
    auto const from = session.availability_start - ahead;
    if (session.now < from) return too_early(from - session.now);
    return {};
}

/// Errors: 404 for a segment that never is.
Answer<> check_existence(Session const& session, std::int64_t index) {
    auto const first = session.options->follows_now ? 0 : session.first_index;
    if (index < first)
        return refused(404, fmt::format("the first segment is {}", session.number_of(first)));
    if (index >= session.asset->pictures().ended_by(timeline::max_elapsed))
        return refused(404, "there is never such a segment");
    auto const end = ends_for_good(session) ? index_behind_end(session) : std::nullopt;
    if (end && index >= *end)
        return refused(404, fmt::format("the last segment is {}", session.number_of(*end - 1)));
    return {};
}

} // namespace

Answer<Session> Session::open(AssetPtr asset, std::shared_ptr<Options const> options,
                              DateTime now) {
    auto const clock = clock_of(*options, now);
    if (!clock) return clock.error();
    auto span = span_of(asset->pictures(), *options, *clock);
    if (!span) return span.error();

    auto session = opened(std::move(asset), std::move(options), *clock, std::move(*span));
    if (!session.endings.empty()) session.availability_end = session.endings.back().at;
    session.is_over = session.availability_end && session.now > *session.availability_end;
    if (session.options->follows_now) follow(session);
    auto const until = session.is_over ? *session.availability_end : session.now;
    session.elapsed = std::max(until - session.availability_start, milliseconds{0});
    session.first_number = base_number(*session.options) + session.first_index;
    if (auto const possible = check(session); !possible) return possible.error();
    return session;
}

DateTime Session::available_at(std::int64_t index) const noexcept {
    auto const& pictures = asset->pictures();
    return epoch +
           timeline::available_from({pictures.place_of(index).end, pictures.timescale()}, ahead);
}

std::optional<milliseconds> Session::update_period() const {
    if (is_over) return std::nullopt;
    return update_period_of(asset->pictures(), *options);
}

timeline::IndexRange listed(Session const& session) {
    auto const end = listed_end(session);
    if (end <= session.first_index) return {session.first_index, session.first_index};
    return {.begin = listed_begin(session, end), .end = end};
}

Answer<> manifest_available(Session const& session) {
    // livesim1 serves it at any time; the start of a modulo_ is the next cycle's in good time.
    if (session.options->dialect == Dialect::livesim1 || session.options->modulo) return {};
    return begun(session, milliseconds{0});
}

Answer<> initialisation_available(Session const& session) {
    return begun(session, session.options->initialisation_ahead);
}

Answer<> available(Session const& session, std::int64_t index, Retention retention) {
    using Kind = timeline::Verdict::Kind;
    if (auto const exists = check_existence(session, index); !exists) return exists;
    if (session.options->is_ahead_for_ever) return {};
    if (auto const answer = manifest_available(session); !answer) return answer;
    auto const& pictures = session.asset->pictures();
    auto const verdict = timeline::verdict_on({pictures.place_of(index).end, pictures.timescale()},
                                              session.availability(), grace_of(session, retention));
    switch (verdict.kind) {
    case Kind::available: break;
    case Kind::too_early: return too_early(verdict.by);
    case Kind::gone:
        if (stays(session, index)) break;
        return refused(410, fmt::format("gone for {} ms", verdict.by.count()));
    }
    return {};
}

bool is_last(Session const& session, std::int64_t index) {
    return ends_for_good(session) && index + 1 == index_behind_end(session);
}

} // namespace continuo::dashlive
