// A splice as the planes tell it to each other: what an SCTE-35 section asks for, its time resolved
// on the clock of the source. Whoever reads sections writes it; nobody behind needs to read one.
#pragma once

#include "core/base/ticks.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace continuo::timeline {

struct Cue {
    enum class Kind : std::uint8_t {
        out, ///< a break begins: away from the network
        in,  ///< it ends: back to the network
    };
    Kind kind{Kind::out};
    std::uint32_t event_id{}; ///< splice_event_id or segmentation_event_id
    Ticks90k time{}; ///< the splice time, 33 bit; the first random-access point at or after it
                     ///< begins a segment
    std::optional<Ticks90k> planned{}; ///< break_duration or segmentation_duration, of `out`
    bool auto_return{false};           ///< the break ends by itself once `planned` has passed
    std::string section;               ///< the splice_info_section, base64

    friend bool operator==(Cue const&, Cue const&) = default;
};

} // namespace continuo::timeline
