// What a path behind an asset names: the initialisation of a track, or one of its segments. The
// first step of every request for media. Pure.
#pragma once

#include "http/dashlive/session/session.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace continuo::dashlive {

using TrackPtr = std::shared_ptr<Track const>;

struct MediaName {
    enum class Kind : std::uint8_t { initialisation, segment };
    Kind kind{Kind::segment};
    /// One, or the two of "V1__A1/...", that come in one file.
    std::vector<TrackPtr> tracks;
    std::int64_t index{};              ///< of a segment, in the loop
    std::optional<std::uint32_t> part; ///< "10_3.m4s": its chunk 3, from 0 on

    Track const& first() const noexcept { return *tracks.front(); }
    bool is_image() const noexcept { return first().content == Content::image; }
};

/// `path`: from the asset's folder on, decoded: "V300/40.m4s". By the template of the asset's MPD,
/// with a number or a time as the session has it; images always have numbers.
/// Errors: 404 for what can never exist: no such track, a time at which no segment begins, a number
/// in front of the first one. Whether a segment can be had now, `available` knows.
Answer<MediaName> media_name_of(Session const& session, std::string_view path);

} // namespace continuo::dashlive
