// What was measured of an asset's segments, kept on disk so that a restart does not read them
// again. Pure.
#pragma once

#include "core/base/result.hpp"
#include "http/dashlive/asset/facts.hpp"

#include <map>
#include <string>
#include <string_view>

namespace continuo::dashlive {

struct MeasuredSegment {
    std::string stamp; ///< of its file and of its header's: another one, and it is measured again
    SampleFacts samples;

    friend bool operator==(MeasuredSegment const&, MeasuredSegment const&) = default;
};
/// By `part_name`.
using AssetIndex = std::map<std::string, MeasuredSegment, std::less<>>;

/// "V300/3.m4s", or "all.mp4@1000+250" for a part of a file.
std::string part_name(PlannedPart const& part);

/// JSON.
std::string to_text(AssetIndex const& index);
/// Errors: `Errc::malformed`.
Result<AssetIndex> parse_asset_index(std::string_view text);

} // namespace continuo::dashlive
