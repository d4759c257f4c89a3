// The tree of fields that both forms of a cue's report are printed from. For this room's .cpp
// files.
#pragma once

#include "core/scte35/cue_text.hpp"

#include <nlohmann/json.hpp>

namespace continuo::cli {

/// In the section's order. Beside NAME may stand NAME_seconds (NAME is in ticks), NAME_name (NAME
/// is a code) or NAME_unit.
nlohmann::ordered_json cue_fields(scte35::CueText const& cue);

/// The members of a command and of a descriptor, added to `fields`.
void add_fields(nlohmann::ordered_json& fields, scte35::SpliceCommand const& command);
void add_fields(nlohmann::ordered_json& fields, scte35::SpliceDescriptor const& descriptor);

/// `name` in ticks, and beside it in seconds.
void add_ticks(nlohmann::ordered_json& fields, std::string const& name, Ticks90k ticks);

} // namespace continuo::cli
