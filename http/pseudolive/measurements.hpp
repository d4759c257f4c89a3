// What was measured of an asset's segments, kept on disk so that a restart does not measure again.
// Pure.
#pragma once

#include "core/base/result.hpp"
#include "core/base/ticks.hpp"
#include "core/hls/media_playlist.hpp"

#include <map>
#include <string>
#include <string_view>

namespace continuo::pseudolive {

struct Measurement {
    std::string stamp;   ///< of the file and its map: another one, and it has to be measured again
    Ticks90k duration{}; ///< zero: its bytes do not tell

    friend bool operator==(Measurement const&, Measurement const&) = default;
};
/// By `part_name`.
using Measurements = std::map<std::string, Measurement, std::less<>>;

/// "720p/3.ts", or "720p.mp4@1000+250" for a part of a file.
std::string part_name(hls::MediaSegment const& segment);

/// JSON.
std::string to_text(Measurements const& measurements);
/// Errors: `Errc::malformed`.
Result<Measurements> parse_measurements(std::string_view text);

} // namespace continuo::pseudolive
