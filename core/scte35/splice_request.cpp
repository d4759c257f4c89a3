#include "core/scte35/splice_request.hpp"

namespace continuo::scte35 {

SpliceInfo splice_insert_of(SpliceRequest const& request) {
    SpliceInsert splice{.splice_event_id = request.event_id,
                        .out_of_network_indicator = request.out,
                        .splice_immediate_flag = !request.time,
                        .pts_time = request.time,
                        .unique_program_id = 1};
    if (request.out && request.duration) {
        splice.break_duration = {.auto_return = request.auto_return, .duration = *request.duration};
    }
    SpliceInfo info;
    info.command = std::move(splice);
    return info;
}

SpliceInfo time_signal_of(SpliceRequest const& request, std::uint8_t segmentation_type_id) {
    SegmentationDescriptor segmentation{.segmentation_event_id = request.event_id,
                                        .segmentation_type_id = segmentation_type_id};
    if (request.out) segmentation.segmentation_duration = request.duration;
    SpliceInfo info;
    info.command = TimeSignal{.pts_time = request.time};
    info.descriptors.push_back({.body = std::move(segmentation)});
    return info;
}

} // namespace continuo::scte35
