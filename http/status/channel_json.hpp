// What the API says of channels, as JSON texts. Pure.
#pragma once

#include "core/config/config.hpp"
#include "http/status/condition.hpp"

#include <string>

namespace continuo::status {

/// {"name","state","on_air","source","note","since","target_duration_s","newest_number","urls":{...},"variants":[...],
/// "breaks":[{"event_id","first_number","start","planned_s","end"}]}, the newest break first, `end`
/// null while it is open; what is not known yet is null. A playhead channel also has
/// "playhead":{"head","name","api_connected","switches","failures","latest":[{"url","name","asked","took_ms","outcome"}]},
/// the newest switch first; one that feeds Icecast has "icecast":{"state"}.
std::string channel_json(config::Channel const& channel, Seen const& seen, SteadyTime now);

/// What a client gets whose cue the daemon took: {"channel":"live","event_id":7,"kind":"out"}.
/// `result`: what the daemon says.
std::string cue_json(std::string_view channel, std::string_view result);

/// {"channels":[...]}, in the order of the configuration.
std::string channels_json(config::Config const& config, FindSnapshot const& find, SteadyTime now);

/// {"status":"ok","mode":"copy"|"abr","stream_ready":bool} of the channel named "live", else of the
/// first.
std::string health_json(config::Config const& config, FindSnapshot const& find, SteadyTime now);

} // namespace continuo::status
