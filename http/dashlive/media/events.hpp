// What a session announces from within its segments (emsg): breaks for advertisements (scte35), and
// MPDs that will not do any more. Pure: all follows from times.
#pragma once

#include "http/dashlive/session/session.hpp"

#include <chrono>
#include <cstdint>
#include <string_view>
#include <vector>

namespace continuo::dashlive {

inline constexpr std::string_view splice_scheme = "urn:scte:scte35:2013:bin";     ///< livesim2
inline constexpr std::string_view splice_xml_scheme = "urn:scte:scte35:2013:xml"; ///< livesim1
inline constexpr std::string_view splice_xml_value = "999";

/// MPDs are no longer valid: of livesim1's segtimelineloss (ISO/IEC 23009-1 §5.10.4.2, value 1).
inline constexpr std::string_view validity_scheme = "urn:mpeg:dash:event:2012";
inline constexpr std::string_view validity_value = "1";

/// A break: `start` is media time, from the loop's index 0 on.
struct Splice {
    std::chrono::seconds start{};
    std::chrono::seconds duration{};

    friend bool operator==(Splice const&, Splice const&) = default;
};

/// Those of `per_minute` (1, 2 or 3) that begin in [from, to); `from` is not less than 0.
std::vector<Splice> splices_between(std::uint32_t per_minute, std::chrono::seconds from,
                                    std::chrono::seconds to);

/// How long before it begins segments announce a break; livesim1 does it otherwise.
inline constexpr std::chrono::seconds splice_notice{7};

/// The splice_info_section (splice_insert) that begins a break, or ends it; PTS are media time.
std::vector<std::uint8_t> splice_section(Splice const& splice, bool is_out);

/// The emsg boxes in front of the pictures' segment at `index`, one after the other; none in other
/// tracks. livesim2: a break is announced once, 7 s ahead, in the segment with start < announcement
/// <= end. livesim1: in XML, 8 s and 6 s ahead. In front of a gap that segtimelineloss makes, the
/// last segment says that MPDs up to now hold no longer than it.
std::vector<std::uint8_t> events_of(Session const& session, Track const& track, std::int64_t index);

} // namespace continuo::dashlive
