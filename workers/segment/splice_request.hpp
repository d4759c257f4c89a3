// What somebody asks of the stream by a splice_info_section, in band or by a line of a file: on its
// way to the resolver, which finds the picture for it.
#pragma once

#include "core/scte35/event.hpp"
#include "core/scte35/sidecar.hpp"

#include <string>
#include <vector>

namespace continuo::segment {

struct SpliceRequest {
    scte35::Event event; ///< without a time: `after` the newest picture
    Ticks90k after{};
    std::string section; ///< base64
    std::string origin;  ///< who asks, for reports: "sidecar.txt:12"
    bool in_band{true};  ///< the stream itself: on its clock, and void with it
};

/// One for each event of the section, which stood in the stream itself.
std::vector<SpliceRequest> requests_of(scte35::SpliceInfo const& info, std::string const& section,
                                       std::string const& origin);

/// The same of a line. Its time holds for commands that have none; "0" and "+8.5" hold for all:
/// who writes them wants it now, whatever clock the cue was made for.
std::vector<SpliceRequest> requests_of(scte35::SidecarLine const& line, std::string const& origin);

} // namespace continuo::segment
