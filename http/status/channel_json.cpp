#include "http/status/channel_json.hpp"

#include <fmt/chrono.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <utility>

namespace continuo::status {
namespace {

using Json = nlohmann::ordered_json;

std::string text_of(Json const& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace) + '\n';
}

Json date_json(contract::WallTime time) {
    if (time == contract::WallTime{}) return nullptr;
    auto const milliseconds = std::chrono::floor<std::chrono::milliseconds>(time);
    auto const seconds = std::chrono::floor<std::chrono::seconds>(milliseconds);
    return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", seconds, (milliseconds - seconds).count());
}

Json number_json(std::optional<std::uint64_t> number) {
    return number ? Json(*number) : Json(nullptr);
}

Json variant_json(std::string const& channel, config::Variant const& variant,
                  contract::ChannelSnapshot const* snapshot) {
    Json json{{"name", variant.name},
              {"copy", variant.copy},
              {"url", "/live/" + channel + '/' + variant.name + "/index.m3u8"},
              {"newest_number", nullptr}};
    if (!snapshot) return json;
    for (std::size_t index = 0; index < snapshot->variants.size(); ++index) {
        auto const& facts = snapshot->variants[index];
        if (facts.name != variant.name) continue;
        json["newest_number"] = number_json(newest_number(*snapshot, index));
        json["bandwidth_bps"] = facts.bandwidth_bps;
        json["average_bandwidth_bps"] = facts.average_bandwidth_bps;
        json["width"] = facts.width;
        json["height"] = facts.height;
        json["frame_rate"] = facts.frame_rate;
        json["codecs"] = facts.codecs;
    }
    return json;
}

Json switch_json(contract::Switch const& entry) {
    return {{"url", entry.url},
            {"name", entry.name},
            {"asked", date_json(entry.asked)},
            {"took_ms", entry.took ? Json(entry.took->count()) : Json(nullptr)},
            {"outcome", to_text(entry.outcome)}};
}

Json playhead_json(contract::PlayheadState const& playhead) {
    Json latest = Json::array();
    for (auto const& entry : playhead.latest)
        latest.push_back(switch_json(entry));
    return {{"head", playhead.head},
            {"name", playhead.name},
            {"api_connected", playhead.api_connected},
            {"switches", playhead.switches},
            {"failures", playhead.failures},
            {"latest", std::move(latest)}};
}

Json break_json(contract::BreakState const& state) {
    return {{"event_id", state.event_id},
            {"first_number", state.first_number},
            {"start", date_json(state.start)},
            {"planned_s", state.planned ? Json(seconds_of(*state.planned)) : Json(nullptr)},
            {"end", state.end ? date_json(*state.end) : Json(nullptr)}};
}

Json urls_json(std::string const& channel) {
    return {{"master", "/live/" + channel + "/master.m3u8"},
            {"player", "/play/" + channel},
            {"self", "/api/v1/channels/" + channel}};
}

Json programme_json(LinearChannel::Programme const& programme) {
    return {{"asset", programme.asset},
            {"start", date_json(programme.start)},
            {"end", date_json(programme.end)}};
}

Json linear_json(std::string const& name, LinearChannel const& channel) {
    Json variants = Json::array();
    for (auto const& variant : channel.variants)
        variants.push_back(
            {{"name", variant}, {"url", "/live/" + name + '/' + variant + "/index.m3u8"}});
    Json next = Json::array();
    for (std::size_t i = 1; i < channel.programmes.size(); ++i)
        next.push_back(programme_json(channel.programmes[i]));
    auto const* const current = channel.programmes.empty() ? nullptr : &channel.programmes.front();
    return {
        {"name", name},
        {"state", channel.condition.state},
        {"on_air", channel.condition.on_air},
        {"source", current ? Json(current->asset) : Json(nullptr)},
        {"note", channel.condition.note},
        {"since", current ? date_json(channel.since) : Json(nullptr)},
        {"target_duration_s", channel.target_duration.count()},
        {"newest_number", number_json(channel.newest_number)},
        {"urls", urls_json(name)},
        {"variants", std::move(variants)},
        {"breaks", Json::array()},
        {"schedule",
         {{"now", current ? programme_json(*current) : Json(nullptr)}, {"next", std::move(next)}}}};
}

Json json_of(config::Channel const& channel, Seen const& seen, SteadyTime now) {
    if (seen.linear) return linear_json(channel.name, *seen.linear);
    auto const* const snapshot = seen.snapshot.get();
    auto const condition = condition_of(seen, now);
    bool const has_segments = snapshot && !snapshot->segments.empty();
    Json variants = Json::array();
    for (auto const& variant : channel.variants)
        variants.push_back(variant_json(channel.name, variant, snapshot));
    if (channel.resegment && snapshot) // whose variants are its input's
        for (auto const& facts : snapshot->variants)
            variants.push_back(
                variant_json(channel.name, {.name = facts.name, .preset = {}}, snapshot));
    Json json{
        {"name", channel.name},
        {"state", condition.state},
        {"on_air", condition.on_air},
        {"source", snapshot ? Json(snapshot->state.source) : Json(nullptr)},
        {"note", condition.note},
        {"since", snapshot ? date_json(snapshot->state.since) : Json(nullptr)},
        {"target_duration_s", channel.target_duration.count()},
        {"newest_number", has_segments ? Json(snapshot->segments.back().number) : Json(nullptr)},
        {"urls", urls_json(channel.name)},
        {"variants", std::move(variants)},
        {"breaks", Json::array()}};
    if (snapshot)
        for (auto const& state : snapshot->state.breaks)
            json["breaks"].push_back(break_json(state));
    if (snapshot && snapshot->state.playhead)
        json["playhead"] = playhead_json(*snapshot->state.playhead);
    else if (channel.playhead)
        json["playhead"] = nullptr;
    if (snapshot && snapshot->state.icecast)
        json["icecast"] = {{"state", *snapshot->state.icecast}};
    else if (channel.icecast)
        json["icecast"] = nullptr;
    return json;
}

} // namespace

std::string channel_json(config::Channel const& channel, Seen const& seen, SteadyTime now) {
    return text_of(json_of(channel, seen, now));
}

std::string cue_json(std::string_view channel, std::string_view result) {
    Json json{{"channel", channel}};
    auto const told = Json::parse(result, nullptr, /*allow_exceptions=*/false);
    if (told.is_object()) json.update(told);
    return text_of(json);
}

std::string channels_json(config::Config const& config, FindSnapshot const& find, SteadyTime now) {
    Json channels = Json::array();
    for (auto const& channel : config.channels)
        channels.push_back(json_of(channel, find(channel.name), now));
    return text_of({{"channels", std::move(channels)}});
}

std::string health_json(config::Config const& config, FindSnapshot const& find, SteadyTime now) {
    auto const& channels = config.channels;
    auto named = std::find_if(channels.begin(), channels.end(), [](auto const& channel) {
        return channel.name == config::aliased_channel;
    });
    if (named == channels.end()) named = channels.begin();
    bool const exists = named != channels.end();
    bool const copies = !exists || config::copies_only(*named);
    bool const ready = exists && condition_of(find(named->name), now).on_air;
    return text_of({{"status", "ok"}, {"mode", copies ? "copy" : "abr"}, {"stream_ready", ready}});
}

} // namespace continuo::status
