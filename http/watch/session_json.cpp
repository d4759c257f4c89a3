#include "http/watch/session_json.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <optional>
#include <string_view>

namespace continuo::watch {
namespace {

using contract::WatchState;
using contract::WatchTrack;
using nlohmann::ordered_json;
using std::chrono::milliseconds;
using Phase = WatchState::Phase;

double seconds_of(milliseconds time) {
    return static_cast<double>(time.count()) / 1000.0;
}

double ms_since_1970(WallTime time) {
    return static_cast<double>(time.time_since_epoch().count()) / 1000.0;
}

ordered_json ms_since_1970(std::optional<WallTime> const& time) {
    return time ? ordered_json(ms_since_1970(*time)) : ordered_json(nullptr);
}

std::string text_of_json(ordered_json const& json) {
    return json.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

std::string_view kind_of(WatchTrack const& track) {
    switch (track.kind) {
    case WatchTrack::Kind::video: return "video";
    case WatchTrack::Kind::audio: return "audio";
    case WatchTrack::Kind::subtitle: return "subtitle";
    }
    return "";
}

ordered_json object_of(WatchTrack const& track) {
    return {{"kind", kind_of(track)}, {"number", track.number}, {"language", track.language},
            {"title", track.title},   {"codec", track.codec},   {"default", track.is_default},
            {"text", track.is_text},  {"shown", track.is_shown}};
}

/// All that a player needs to be in step.
void add_position(ordered_json& object, WatchState const& session, WallTime now) {
    object["position"] = seconds_of(position_at(session, now));
    object["buffered"] = seconds_of(session.buffered);
    object["speed"] = session.speed;
    object["delay_ms"] = session.delay.count();
    object["anchor_ms"] = ms_since_1970(session.anchor);
    object["anchor_position"] = seconds_of(session.position);
    object["standing_at_ms"] = ms_since_1970(session.standing_at);
    object["jumps"] = session.jumps;
}

ordered_json urls_of(WatchState const& session) {
    return {{"page", "/watch/" + session.id},
            {"playlist", fmt::format("/streams/{}/playlist.m3u8", session.id)},
            {"master", fmt::format("/streams/{}/master.m3u8", session.id)},
            {"events", fmt::format("/api/v1/sessions/{}/events", session.id)}};
}

ordered_json object_of(WatchState const& session, WallTime now) {
    bool const has_failed = session.phase == Phase::failed;
    ordered_json object{{"id", session.id},
                        {"aliases", session.aliases},
                        {"url", session.url},
                        {"state", contract::to_text(session.phase)},
                        {"note", session.note},
                        {"error", has_failed ? ordered_json(session.note) : ordered_json(nullptr)},
                        {"now_ms", ms_since_1970(now)}};
    object["duration"] =
        session.duration ? ordered_json(seconds_of(*session.duration)) : ordered_json(nullptr);
    add_position(object, session, now);
    object["viewers"] = session.viewers;
    object["since_ms"] = ms_since_1970(session.since);
    auto& tracks = object["tracks"] = ordered_json::array();
    for (auto const& track : session.tracks)
        tracks.push_back(object_of(track));
    object["urls"] = urls_of(session);
    return object;
}

ordered_json object_of(config::Watch const& settings) {
    return {{"heartbeat_s", settings.heartbeat.count()},
            {"session_timeout_s", settings.session_timeout.count()},
            {"start_segments", settings.start_segments},
            {"segment_time_s", seconds_of(settings.segment_time)},
            {"max_sessions", settings.max_sessions},
            {"needs_token", settings.token_file.has_value()},
            {"takes_magnets", !settings.torrent_gateway.empty()}};
}

/// Without what has events of its own.
WatchState core_of(WatchState session) {
    session.viewers = 0;
    session.buffered = session.position = session.delay = {};
    session.speed = 0;
    session.anchor.reset();
    session.standing_at.reset();
    session.jumps = 0;
    return session;
}

bool is_elsewhere(WatchState const& before, WatchState const& after) {
    return before.buffered != after.buffered || before.position != after.position ||
           before.delay != after.delay || before.speed != after.speed ||
           before.anchor != after.anchor || before.standing_at != after.standing_at ||
           before.jumps != after.jumps;
}

std::string event(std::string_view name, ordered_json const& data) {
    return fmt::format("event: {}\ndata: {}\n\n", name, text_of_json(data));
}

} // namespace

milliseconds position_at(WatchState const& session, WallTime now) {
    if (!session.anchor) return session.position;
    auto const date = session.standing_at.value_or(now - session.delay);
    auto const position =
        session.position + std::chrono::floor<milliseconds>(date - *session.anchor);
    auto const end = std::min(session.duration.value_or(milliseconds::max()),
                              std::max(session.buffered, session.position));
    return std::clamp(position, milliseconds::zero(), std::max(end, milliseconds::zero()));
}

std::string session_json(WatchState const& session, WallTime now) {
    return text_of_json(object_of(session, now)) + '\n';
}

std::string sessions_json(SessionList const& sessions, config::Watch const& settings,
                          WallTime now) {
    ordered_json json{{"now_ms", ms_since_1970(now)}, {"settings", object_of(settings)}};
    auto& list = json["sessions"] = ordered_json::array();
    for (auto const& session : sessions.newest_first())
        list.push_back(object_of(*session, now));
    return text_of_json(json) + '\n';
}

std::string progress_json(WatchState const& session, WallTime now) {
    ordered_json json{{"session", session.id},
                      {"state", contract::to_text(session.phase)},
                      {"note", session.note},
                      {"position", seconds_of(position_at(session, now))}};
    json["duration"] =
        session.duration ? ordered_json(seconds_of(*session.duration)) : ordered_json(nullptr);
    json["buffered"] = seconds_of(session.buffered);
    json["speed"] = session.speed;
    json["viewers"] = session.viewers;
    json["torrent"] = nullptr; // the gateway tells nobody how far it is
    return text_of_json(json) + '\n';
}

std::string time_json(WallTime now) {
    return text_of_json({{"now_ms", ms_since_1970(now)}}) + '\n';
}

std::string events_between(WatchState const* before, WatchState const& after, WallTime now) {
    std::string events;
    bool const is_whole = !before || core_of(*before) != core_of(after);
    if (is_whole) events += event("state", object_of(after, now));
    if (before && !is_whole && is_elsewhere(*before, after)) {
        ordered_json position{{"now_ms", ms_since_1970(now)}};
        add_position(position, after, now);
        events += event("position", position);
    }
    if (before && before->viewers != after.viewers)
        events += event("viewers", {{"viewers", after.viewers}});
    if (after.phase == Phase::failed && (!before || before->phase != Phase::failed))
        events += event("error", {{"detail", after.note}});
    return events;
}

} // namespace continuo::watch
