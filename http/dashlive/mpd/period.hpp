// One Period of an MPD, as it stands in it, or, where it is remote, as an answer of its own. Pure.
#pragma once

#include "core/dash/element.hpp"
#include "http/dashlive/mpd/input.hpp"
#include "http/dashlive/mpd/periods.hpp"

#include <string>
#include <string_view>

namespace continuo::dashlive {

inline constexpr std::string_view xlink_namespace = "http://www.w3.org/1999/xlink";

/// "P7".
std::string period_id(Period const& period);

/// Where it is remote, nothing but where to find it. Errors: those of `sets_of`.
Answer<dash::Element> period_in_mpd(MpdInput const& input, PeriodPlan const& plan);

/// What a remote one resolves to: a Period without a document around it, or, for an advertisement,
/// as many as fill its time with the asset as it lies on disk.
Answer<std::string> period_text(MpdInput const& input, PeriodPlan const& plan);

} // namespace continuo::dashlive
