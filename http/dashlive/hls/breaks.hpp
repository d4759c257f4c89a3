// Where a session's lists are interrupted: at periods, by a discontinuity, and by the splices that
// its segments announce, as date ranges. For hls_list.cpp. Pure.
#pragma once

#include "http/dashlive/session/session.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace continuo::dashlive {

class HlsBreaks {
public:
    /// `session` must outlive it.
    explicit HlsBreaks(Session const& session) noexcept;

    /// Whether the segment at `index` is the first of a period, which doesn't say that it goes on
    /// from the one before.
    bool is_discontinuity(std::int64_t index) const;
    /// How many there are in front of the segment at `index`, since the session's first.
    std::uint64_t discontinuities_before(std::int64_t index) const;

    /// The lines in front of the segment at `index`: a break's date range is told by the segment
    /// that announces it, and closed by the first behind it. `is_first`: of a list, where those are
    /// told again that are open.
    std::vector<std::string> tags(std::int64_t index, bool is_first) const;

private:
    /// Since the session's start.
    std::int64_t period_of(std::int64_t index) const;

    Session const& session_;
    bool has_periods_;
};

} // namespace continuo::dashlive
