#include "http/dashlive/media_handler.hpp"

#include "http/dashlive/caching.hpp"
#include "http/dashlive/faults.hpp"
#include "http/dashlive/hls/view.hpp"
#include "http/dashlive/media/compose_aside.hpp"
#include "http/dashlive/media_answer.hpp"
#include "http/dashlive/problem.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace continuo::dashlive {

namespace asio = boost::asio;

namespace {

/// traffic_: `s` and `h`.
constexpr std::chrono::seconds slow_delay{2};
constexpr std::chrono::seconds hang_delay{10};

asio::awaitable<void> pause(std::chrono::seconds time) {
    asio::steady_timer timer(co_await asio::this_coro::executor, time);
    co_await timer.async_wait(asio::use_awaitable);
}

/// Waits as an origin does that is in this state. Errors: those that it answers with.
asio::awaitable<Answer<>> behave(TrafficSpan::State state) {
    switch (state) {
    case TrafficSpan::State::up: break;
    case TrafficSpan::State::down: co_return Refusal{404, "the options have this origin down now"};
    case TrafficSpan::State::slow: co_await pause(slow_delay); break;
    case TrafficSpan::State::hanging:
        co_await pause(hang_delay);
        co_return Refusal{503, "the options have this origin hang now"};
    }
    co_return boost::system::in_place_value;
}

/// A name, and how it was asked for.
struct Place {
    std::string_view representation;
    std::optional<std::int64_t> index; ///< of a segment
    bool has_own_time{false};          ///< a part of one, for which `compose` looks at the clock
    Retention retention{};
};

Place place_of(MediaName const& name, Retention retention) {
    bool const is_segment = name.kind == MediaName::Kind::segment;
    return {.representation = name.first().id,
            .index = is_segment ? std::optional(name.index) : std::nullopt,
            .has_own_time = name.part.has_value(),
            .retention = retention};
}

/// Whether it can be had, and should not fail on purpose.
Answer<> check(Session const& session, Place const& place) {
    if (!place.index) return initialisation_available(session);
    auto const there = available(session, *place.index, place.retention);
    bool const may_be_early =
        place.has_own_time && there.has_error() && there.error().status == 425;
    if (!there && !may_be_early) return there;
    auto const& [asset, options] = std::tie(*session.asset, *session.options);
    if (auto const status = status_fault(asset, options, place.representation, *place.index))
        return Refusal{*status, "statuscode_ has this segment fail"};
    return boost::system::in_place_value;
}

/// Whether `place` can be had for `MediaHandler::hold_time`, by whatever URL with the same path.
bool is_lasting(Demand const& demand, Place const& place) {
    auto const& session = demand.asked.session;
    if (demand.by_clock || !is_constant(*session.options) ||
        !session.options->required_query.empty())
        return false;
    auto const later =
        Session::open(session.asset, session.options, demand.wall + MediaHandler::hold_time);
    return later && check(*later, place);
}

/// "hls/V300/40.m4s" is "V300/40.m4s" as HLS has it, unless the asset itself has such a folder.
std::pair<std::string_view, Retention> path_and_retention_of(Session const& session,
                                                             std::string_view path) {
    if (!path.starts_with(hls_folder) || media_name_of(session, path))
        return {path, Retention::dash};
    return {path.substr(hls_folder.size()), Retention::hls};
}

bool is_picture(MediaName const& name) {
    return std::ranges::any_of(
        name.tracks, [](TrackPtr const& track) { return track->content == Content::video; });
}

MediaAnswer refused(Refusal const& why) {
    return {.response = problem(why)};
}

} // namespace

asio::awaitable<MediaAnswer> MediaHandler::answer(server::Request const& request,
                                                  Demand const& demand) {
    auto const& session = demand.asked.session;
    auto const [path, retention] = path_and_retention_of(session, demand.asked.path);
    auto const origin = origin_of(*session.options, path, session.now);
    if (!origin) co_return refused(origin.error());
    auto const behaved = co_await behave(origin->state);
    if (!behaved) co_return refused(behaved.error());

    auto const text = timed_text_name_of(session, origin->path);
    if (!text) co_return refused(text.error());
    if (*text) co_return timed_text(demand, **text, retention);
    auto const name = media_name_of(session, origin->path);
    if (!name) co_return refused(name.error());
    if (is_picture(*name)) {
        auto const asked_well = check_query(*session.options, request.query);
        if (!asked_well) co_return refused(asked_well.error());
    }
    co_return co_await stored(demand, *name, retention);
}

MediaAnswer MediaHandler::timed_text(Demand const& demand, TimedTextName const& name,
                                     Retention retention) {
    auto const& session = demand.asked.session;
    Place const place{.representation = name.text.id, .index = name.index, .retention = retention};
    if (auto const checked = check(session, place); !checked) return refused(checked.error());
    auto bytes = name.index ? timed_text_segment(session, name.text, *name.index)
                            : timed_text_initialisation(name.text);
    MediaFacts const facts{.content_type = timed_text_media_type,
                           .caching = segment_caching(session, demand.by_clock)};
    return {.response = server::answer(represent_media(std::move(bytes), facts)),
            .is_lasting = is_lasting(demand, place)};
}

asio::awaitable<MediaAnswer> MediaHandler::stored(Demand const& demand, MediaName const& name,
                                                  Retention retention) {
    auto const place = place_of(name, retention);
    auto const checked = check(demand.asked.session, place);
    if (!checked) co_return refused(checked.error());
    auto response = co_await composed(demand, name);
    if (!response) co_return refused(response.error());
    bool const is_whole = !response->stream;
    co_return MediaAnswer{.response = std::move(*response),
                          .is_lasting = is_whole && is_lasting(demand, place)};
}

asio::awaitable<Answer<server::Response>> MediaHandler::composed(Demand const& demand,
                                                                 MediaName const& name) {
    auto const& session = demand.asked.session;
    auto ingredients = ingredients_of(session, name);
    if (!layouts_->find(ingredients)) {
        auto const read = co_await layouts_->read(session.asset, demand.root, ingredients);
        if (!read) co_return read.error();
    }
    std::optional<Answer<Composed>> aside;
    if (is_laborious(session, ingredients))
        aside = co_await compose_aside(*openers_, session, name, ingredients);
    auto media = aside ? *std::move(aside) : compose(session, name, ingredients);
    if (!media) co_return media.error();
    MediaFacts const facts{.content_type = name.first().media_type,
                           .caching = segment_caching(session, demand.by_clock)};
    // ato_inf: nothing is ever too early, chunks neither.
    auto const now = session.options->is_ahead_for_ever ? DateTime::max() : session.now;
    Moment const moment{.now = now, .steady = demand.steady};
    co_return co_await media_answer(files_, *session.asset, demand.root, *media, facts, moment);
}

} // namespace continuo::dashlive
