// From what somebody wants of a stream to the section that says so: for people, the API and the
// command line.
#pragma once

#include "core/scte35/splice_info.hpp"

namespace continuo::scte35 {

struct SpliceRequest {
    bool out{true}; ///< away from the network; false: back
    std::uint32_t event_id{1};
    std::optional<Ticks90k> time{};     ///< 33 bit; none: at once
    std::optional<Ticks90k> duration{}; ///< of a break, 33 bit
    bool auto_return{true};             ///< the break ends by itself once `duration` is over
};

/// Programme mode; unique_program_id is 1, as other tools write it.
SpliceInfo splice_insert_of(SpliceRequest const& request);

/// A time_signal with one segmentation descriptor; `begins_break` or `ends_break` of event.hpp says
/// which types mean `out` and `in`. Segmentations always return by themselves.
SpliceInfo time_signal_of(SpliceRequest const& request, std::uint8_t segmentation_type_id);

} // namespace continuo::scte35
