// An MPD on disk as it is understood: which representations it has, where their segments lie, and
// what these will be called. The first step from a folder to an asset. Pure.
#pragma once

#include "http/dashlive/asset/asset.hpp"
#include "http/storage/refusal.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace continuo::dashlive {

/// Bytes of a file of the asset; without `bytes` all that follow.
struct PlannedPart {
    std::string path; ///< from the asset's folder on
    std::uint64_t offset{};
    std::optional<std::uint64_t> bytes{};

    friend bool operator==(PlannedPart const&, PlannedPart const&) = default;
};

/// Segments each in a file of its own, one number after the other: up to `last`, or until one is
/// missing.
struct NumberedSegments {
    std::uint64_t first{1};
    std::optional<std::uint64_t> last;
    std::uint64_t duration{}; ///< what `$Time$` grows by

    friend bool operator==(NumberedSegments const&, NumberedSegments const&) = default;
};

/// Segments one behind the other in one file, whose sidx tells them.
struct IndexedSegments {
    std::string path;

    friend bool operator==(IndexedSegments const&, IndexedSegments const&) = default;
};

using ListedSegments = std::vector<PlannedPart>;

/// A Representation. Names are as in `Track`: decoded, identifiers of the representation replaced.
struct PlannedTrack {
    std::string id;
    Content content{};
    std::uint64_t bandwidth_bps{};
    std::string codecs; ///< empty where the MPD tells none
    std::string media_type;
    std::string media;
    std::string initialisation;
    std::string extension;
    std::optional<PlannedPart> header; ///< none of images; without `bytes`: up to the end of moov
    std::uint32_t timescale{1};        ///< of the MPD
    std::uint64_t presentation_time_offset{};
    std::variant<NumberedSegments, ListedSegments, IndexedSegments> segments;

    friend bool operator==(PlannedTrack const&, PlannedTrack const&) = default;
};

struct PlannedManifest {
    Manifest manifest;
    std::vector<PlannedTrack> tracks;
    std::vector<std::string> notes; ///< what was repaired, or left out
};

/// `name`: of the MPD's file, for messages and `Manifest::name`. Refused, with the place: what is
/// no MPD, is not static, has not exactly one Period, names files outside of its folder, or has
/// nothing that can be served. Representations of other kinds than MP4 and JPEG are left out.
/// Spec: ISO/IEC 23009-1 §5.3.9 (segment information and its inheritance), §5.6 (BaseURL).
storage::Accepted<PlannedManifest> plan_of(std::string name, std::string_view document);

/// The path of the segment with this number and time.
storage::Accepted<std::string> path_of_segment(PlannedTrack const& track, std::uint64_t number,
                                               std::uint64_t time);

} // namespace continuo::dashlive
