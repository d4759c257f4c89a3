// An asset of the simulator as it was found on disk: MPDs, and what their segments hold. Immutable;
// what a request needs is in here, and no file is parsed for it again.
#pragma once

#include "core/dash/element.hpp"
#include "core/timeline/addressing.hpp"
#include "core/timeline/audio_grid.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace continuo::dashlive {

enum class Content : std::uint8_t { video, audio, text, image };

/// A part of a file of the asset.
struct FilePart {
    std::string path; ///< from the asset's folder on
    std::uint64_t offset{};
    std::uint64_t bytes{};

    friend bool operator==(FilePart const&, FilePart const&) = default;
};

/// A segment as it lies on disk; times in units of its track's timescale. Its first sample is
/// decoded at `Track::first_time` + `start`, whatever the loop says: that may be up to a frame off.
struct StoredSegment {
    FilePart part;
    std::int64_t start{};
    std::int64_t duration{};     ///< of its samples
    std::uint64_t first_frame{}; ///< of sound: which of the track's frames it begins with
};

/// A frame of sound as it lies on disk.
struct StoredFrame {
    std::uint32_t segment{};
    std::uint32_t bytes{};
    std::uint64_t offset{}; ///< in the segment's file
    /// sample_flags: few codecs of sound (MPEG-H, USAC) have frames that need others.
    std::uint32_t flags{0x0200'0000};
};

/// Sound that is cut again on the grid of the pictures.
struct Sound {
    std::int64_t frame{}; ///< samples, in units of the timescale
    std::vector<StoredFrame> frames;
};

/// A Representation.
struct Track {
    std::string id;
    Content content{};
    std::uint32_t timescale{1};
    std::uint32_t track_id{}; ///< 0 of images
    std::uint64_t bandwidth_bps{};
    std::string codecs;
    std::string media_type; ///< "video/mp4"
    std::string extension;  ///< of its segments in the MPD's template: "m4s"
    /// The MPD's template from the asset's folder on, decoded, with nothing but $Number$ and $Time$
    /// left in it (and their widths: $Number%05d$).
    std::string media;
    std::string initialisation;       ///< likewise, nothing left; empty of images
    std::vector<std::uint8_t> header; ///< the initialisation section as it is served, without mehd
    std::vector<StoredSegment> segments;
    std::int64_t first_time{}; ///< tfdt of the first segment on disk; `segments` begin at 0
    /// What the MPD's times are less than those in the segments (an edit list of sound).
    std::int64_t edit{};
    bool is_encrypted{false};   ///< already on disk
    std::optional<Sound> sound; ///< where it is cut again
    /// Its segments as they are: of pictures, and of sound that is not cut again. Text and images
    /// have the pictures' segments; where their clock can't say when these begin there is no loop,
    /// and that is rounded up to whole units: AudioGrid(asset.pictures(), timescale, 1).
    std::optional<timeline::SegmentLoop> loop;
};

struct Manifest {
    std::string name; ///< "Manifest.mpd", from the asset's folder on
    /// The MPD in one form, whatever it was: one Period; no BaseURL and no Location; no SegmentBase
    /// and no SegmentList; a SegmentTemplate on the AdaptationSet, or, where they differ, one on
    /// each Representation, and on no other element; a contentType on each AdaptationSet; and no
    /// Representation that is not in `Asset::tracks`.
    dash::Element root;
    std::string title;
};

/// Tracks by id; their reference is the first of the pictures (else of the sound), whose segments
/// give the loop its length and number.
struct Asset {
    std::string name; ///< "WAVE/av": the folder, from the root on
    std::filesystem::path folder;
    std::map<std::string, Manifest, std::less<>> manifests;
    std::map<std::string, std::shared_ptr<Track const>, std::less<>> tracks;
    std::shared_ptr<Track const> reference;
    std::uint64_t generation{}; ///< another one when anything in it has changed

    /// Null where there is none of that name.
    Manifest const* find_manifest(std::string_view manifest) const noexcept {
        auto const found = manifests.find(manifest);
        return found == manifests.end() ? nullptr : &found->second;
    }

    timeline::SegmentLoop const& pictures() const noexcept { return *reference->loop; }
};
using AssetPtr = std::shared_ptr<Asset const>;

} // namespace continuo::dashlive
