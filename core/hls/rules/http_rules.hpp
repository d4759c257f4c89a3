// Rules 33 to 36: how playlists and segments are delivered.
#pragma once

#include "core/hls/rules/finding.hpp"
#include "core/hls/rules/observation.hpp"

#include <chrono>
#include <string_view>

namespace continuo::hls::rules {

/// What the answers are judged against.
struct Delivery {
    std::string_view playlist_path; ///< of the URL, without query
    std::chrono::seconds target_duration{};
    Container container{Container::unknown}; ///< of the segment asked for
    Content segment;                         ///< its whole body
};

/// Content types, HEAD, ranges (33), CORS (34), caching (35), connections (36).
Remarks check_delivery(ProbeAnswers const& answers, Delivery const& delivery);

} // namespace continuo::hls::rules
