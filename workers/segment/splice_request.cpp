#include "workers/segment/splice_request.hpp"

#include <utility>
#include <variant>

namespace continuo::segment {

std::vector<SpliceRequest> requests_of(scte35::SpliceInfo const& info, std::string const& section,
                                       std::string const& origin) {
    std::vector<SpliceRequest> requests;
    for (auto& event : scte35::events_of(info))
        requests.push_back({.event = event, .after = {}, .section = section, .origin = origin});
    return requests;
}

std::vector<SpliceRequest> requests_of(scte35::SidecarLine const& line, std::string const& origin) {
    using Line = scte35::SidecarLine;
    auto requests = requests_of(line.info, line.section, origin);
    for (auto& request : requests) {
        request.in_band = false;
        if (auto const* const at = std::get_if<Line::At>(&line.when)) {
            if (!request.event.time) request.event.time = at->time;
            continue;
        }
        request.event.time.reset();
        if (auto const* const after = std::get_if<Line::After>(&line.when))
            request.after = after->delay;
    }
    return requests;
}

} // namespace continuo::segment
