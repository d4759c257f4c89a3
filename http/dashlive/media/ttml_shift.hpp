// Subtitles of an asset that tell their times themselves (TTML in stpp): moved as the segments are
// that hold them. Pure.
#pragma once

#include "http/dashlive/media/strand.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace continuo::dashlive {

/// `document` with every time of day, hh:mm:ss or hh:mm:ss.mmm, later by `shift`, and always with
/// milliseconds; none gets before 00:00:00.000. Times in frames (hh:mm:ss:ff) keep these. Spec:
/// TTML §12.3.1 (clock-time).
std::string shifted_ttml(std::string_view document, std::chrono::milliseconds shift);

/// Moves the documents of a strand, whose samples are in memory, by `units` of its track; their
/// sizes go with them, those in subs as well. `sizes`: of the layout they come from.
void move_documents(Strand& strand, mp4::SubsampleSizes sizes, std::int64_t units);

} // namespace continuo::dashlive
