// Cues and breaks as the contracts write them, alike in segments.jsonl, cuts and channel.json. For
// this room's .cpp files.
#pragma once

#include "core/base/result.hpp"
#include "core/contract/channel_snapshot.hpp"
#include "core/timeline/breaks.hpp"

#include <nlohmann/json.hpp>

#include <vector>

namespace continuo::contract {

/// {"kind":"out","event_id":1,"time":1026000,"planned":900000,"auto_return":true,"section":"/DAl"}
nlohmann::json to_json(timeline::Cue const& cue);
nlohmann::json to_json(std::vector<timeline::Cue> const& cues);
Result<timeline::Cue> cue_of(nlohmann::json const& value);

/// {"kind":"cont","out":{...},"first_number":30,"elapsed":180000,"start_date_us":...}
nlohmann::json to_json(timeline::BreakMark const& mark);
Result<timeline::BreakMark> break_mark_of(nlohmann::json const& value);

nlohmann::json to_json(BreakState const& state);
Result<BreakState> break_state_of(nlohmann::json const& value);

} // namespace continuo::contract
