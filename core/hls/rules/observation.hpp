// What the verifier's shell saw: HTTP answers as they came. What it measured in a segment are
// core/media's facts.
#pragma once

#include "core/base/ticks.hpp"
#include "core/hls/media_playlist.hpp"
#include "core/media/segment_facts.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace continuo::hls::rules {

using media::Container;
using media::SegmentFacts;

struct Header {
    std::string name;
    std::string value;
};

/// One answer to one request. Times are wall time that was read once and then advanced by the
/// steady clock, so that a clock step is no finding.
struct Response {
    WallTime asked{};                     ///< the request was sent
    WallTime at{};                        ///< the body was complete, or the attempt given up
    std::chrono::microseconds transfer{}; ///< from the first byte of the body to the last
    int status{};                         ///< 0: there was no answer; `failure` says why
    bool complete{false};                 ///< the body was as long as announced
    std::string failure; ///< "Connection refused", "no answer in 5 s"; empty when all went well
    std::string http_version; ///< "1.0", "1.1", "2"
    std::vector<Header> headers;
    std::string body;

    /// The value of the last header of that name (any case); nothing when there is none.
    std::optional<std::string_view> header(std::string_view name) const noexcept;
    bool ok() const noexcept { return complete && status >= 200 && status < 300; }
};

/// "404", or why there was no answer: for evidence.
std::string outcome_of(Response const& response);

/// Enough of a body to tell it from another one.
struct Content {
    std::uint64_t bytes{};
    std::size_t digest{};

    friend bool operator==(Content const&, Content const&) = default;
};
Content content_of(std::string_view body) noexcept;

/// One picture, or what passes for it (40 ms) where none was measured.
Ticks90k frame_of(SegmentFacts const& facts) noexcept;

double seconds_between(WallTime from, WallTime to) noexcept;

/// Requests beside the normal ones, made once per stream with a segment that is listed.
struct ProbeAnswers {
    Response segment;        ///< GET, the body may have been dropped
    Response segment_head;   ///< HEAD
    Response segment_range;  ///< Range: bytes=0-99
    Response segment_beyond; ///< Range that begins behind the end
    Response missing;        ///< GET of a name that can't be
    Response options;        ///< OPTIONS of the playlist, as a browser's preflight for Range
    Response playlist;       ///< GET
    std::optional<Response>
        playlist_unchanged; ///< GET with If-None-Match, when `playlist` had an ETag
};

} // namespace continuo::hls::rules
