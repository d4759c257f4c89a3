// An asset of the DASH simulator in memory: its tracks as they would have been found on disk, and
// the files themselves, whose samples can all be told apart.
#pragma once

#include "http/dashlive/media/compose.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace continuo::test {

using Bytes = std::vector<std::uint8_t>;

struct StoredTrack {
    std::string id;
    dashlive::Content content{dashlive::Content::video};
    std::uint32_t timescale{12'800};
    std::uint32_t sample{512};            ///< duration of each
    std::vector<std::uint32_t> samples{}; ///< of each segment
    std::uint32_t track_id{1};
    std::uint64_t first_time{}; ///< tfdt of the first segment
    unsigned fragments{1};      ///< of each segment
    bool has_type{true};        ///< styp
    std::string codecs{};
    Bytes header{};                ///< of `init_of` where it is empty
    std::vector<Bytes> payloads{}; ///< of all samples; made up where there are none
};

struct StoredAsset {
    std::shared_ptr<dashlive::Asset> asset;
    std::map<std::string, Bytes> files;

    /// The bytes of a track's sample, counted over all its segments.
    Bytes const& payload(std::string const& track, std::size_t sample) const;
    std::map<std::string, std::vector<Bytes>> payloads;
};

/// The first of the pictures (else of the sound) is the reference. Sound is cut again, all else
/// keeps its segments; names are "ID/$Number$.m4s".
StoredAsset stored_asset(std::vector<StoredTrack> const& tracks);

/// A session at `now_ms`, by the path of its options ("segtimeline_1/"), of /livesim2/ unless it
/// begins with a slash ("/livesim/...").
dashlive::Session session_of(StoredAsset const& stored, std::string const& options,
                             std::int64_t now_ms);

/// Composed as `path` names it: its layouts read, its pieces joined.
dashlive::Answer<dashlive::Composed>
composed(StoredAsset const& stored, dashlive::Session const& session, std::string const& path);
Bytes bytes_of(StoredAsset const& stored, dashlive::Chunk const& chunk);
Bytes bytes_of(StoredAsset const& stored, dashlive::Composed const& composed);
/// All of it; the test fails where there is nothing.
Bytes served(StoredAsset const& stored, dashlive::Session const& session, std::string const& path);

/// A segment as a reader sees it.
struct SeenSegment {
    std::uint64_t time{};
    std::int64_t duration{};
    std::vector<std::uint32_t> numbers; ///< of its fragments
    std::vector<Bytes> payloads;
    std::vector<std::uint32_t> flags;
    std::vector<std::string> boxes; ///< of the first level
};
SeenSegment seen(Bytes const& segment, std::uint32_t track_id = 1);

} // namespace continuo::test
