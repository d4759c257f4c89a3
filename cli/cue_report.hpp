// A splice_info_section for people and for programs: every field under the name that ANSI/SCTE 35
// gives it.
#pragma once

#include "core/scte35/cue_text.hpp"

#include <string>

namespace continuo::cli {

/// Indented lines "name: value"; times in ticks and seconds, codes with what they mean.
std::string cue_report(scte35::CueText const& cue);

/// One line: {"splice_info_section":{...},"events":[...],"base64":"/DAl..."}. Times are ticks, with
/// NAME_seconds beside them; codes are numbers, with NAME_name beside them; other units are told by
/// NAME_unit.
std::string cue_json(scte35::CueText const& cue);

} // namespace continuo::cli
