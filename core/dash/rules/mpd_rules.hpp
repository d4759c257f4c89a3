// Rules D1 to D4 and D7 to D9: one version of an MPD, and what changes from version to version.
#pragma once

#include "core/dash/element.hpp"
#include "core/dash/rules/presentation.hpp"
#include "core/hls/media_playlist.hpp"
#include "core/hls/rules/finding.hpp"

namespace continuo::dash::rules {

using hls::WallTime;
using hls::rules::Remarks;

/// An MPD as text and as values.
struct Version {
    Element root;
    Presentation presentation;
};

/// When an answer was made, on the server's clock: not before it was asked for, and not after its
/// last byte came.
struct Moment {
    WallTime asked;
    WallTime at;
};

/// publishTime (D1), minimumUpdatePeriod and segments that should be listed (D2), the window (D4),
/// ids of periods and empty timelines (D7), what a static one has (D9).
Remarks check_mpd(Presentation const& mpd, Moment moment);

/// `before` was fetched before `after`; versions between them may have been missed. publishTime
/// (D1), S elements (D3), periods (D7), availabilityStartTime (D8), no way back from static (D9).
Remarks check_update(Version const& before, Version const& after);

/// "p0/V300", or the representation's id alone where the period has none.
std::string name_of(Period const& period, Representation const& representation);

} // namespace continuo::dash::rules
