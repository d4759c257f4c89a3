// An event that travels with a segment (emsg): a splice, or whatever its scheme means.
#pragma once

#include "core/base/result.hpp"
#include "core/mp4/box.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace continuo::mp4 {

struct EventMessage {
    std::size_t offset{};
    std::uint8_t version{};
    std::string scheme_id_uri;
    std::string value;
    std::uint32_t timescale{};
    std::uint64_t time{};     ///< version 0: from the segment's start (presentation_time_delta),
                              ///< version 1: on the presentation's own clock (presentation_time)
    std::uint32_t duration{}; ///< 0xFFFFFFFF: unknown
    std::uint32_t id{};
    std::span<std::uint8_t const> data; ///< a view of the input
};

/// `box`: of type emsg. Errors, with the offset: `Errc::truncated`; `Errc::unsupported` for
/// versions above 1. Spec: ISO/IEC 23009-1 §5.10.3.3.
Result<EventMessage> parse_event_message(Box const& box);

/// The whole box; of `event` all but its offset. `version` is 0 or 1, and in version 0 the time
/// takes its lower 32 bits; the two texts hold no zero.
std::vector<std::uint8_t> encode(EventMessage const& event);

} // namespace continuo::mp4
